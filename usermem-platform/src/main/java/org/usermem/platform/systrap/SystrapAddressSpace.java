package org.usermem.platform.systrap;

import java.util.ArrayDeque;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.memmap.FileRange;
import org.usermem.memmap.MemoryKind;
import org.usermem.platform.Context;
import org.usermem.platform.host.HostException;
import org.usermem.platform.host.SystemCall;
import org.usermem.platform.memory.HostMemoryFile;
import org.usermem.platform.stub.StubAddressSpace;
import org.usermem.platform.stub.StubLayout;
import org.usermem.platform.stub.StubMaster;
import org.usermem.platform.stub.TracedThread;

/**
 * An address space whose guest threads stop themselves.
 *
 * <p>A Java thread that maps gets a traced thread of its own to inject into if one is there, or if
 * it maps a lot; otherwise the warden does it.
 */
final class SystrapAddressSpace extends StubAddressSpace {

  /** So many detours over the warden cost as much as a thread of one's own. */
  private static final int DETOURS_BEFORE_OWN_THREAD = 16;

  /** More threads that wait for another context than this are not kept. */
  private static final int MOST_IDLE_THREADS = 8;

  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_SHARED_FIXED = 0x11;

  private final SystrapPlatform platform;
  private final ConcurrentHashMap<Thread, SystrapContext> contexts = new ConcurrentHashMap<>();

  // Guarded by itself:
  private final ArrayDeque<Slot> idleSlots = new ArrayDeque<>();
  private final ArrayDeque<SystrapThread> idleThreads = new ArrayDeque<>();
  private int slotCount;
  private boolean closed;

  SystrapAddressSpace(SystrapPlatform platform, StubMaster master, HostMemoryFile memoryFile) {
    super(platform, master, memoryFile);
    this.platform = platform;
  }

  @Override
  public Context newContext() {
    if (Thread.currentThread().isVirtual()) {
      throw new IllegalStateException("a virtual thread can't own a context");
    }
    SystrapThread idle;
    synchronized (idleSlots) {
      idle = process().isDead() ? null : idleThreads.poll();
    }
    return new SystrapContext(this, idle != null ? idle : startThread());
  }

  private SystrapThread startThread() {
    SystrapThread started = SystrapThread.start(this, platform.sleep());
    addGuest(started);
    return started;
  }

  /**
   * Makes a guest thread for the context to come, and one to inject into.
   *
   * @throws LinuxException with EAGAIN or ENOMEM if the host has none left
   */
  void prepare() {
    SystrapThread started = startThread();
    platform.geometry(started);
    keepIdle(started);
    prepareTable();
    process().park(process().newThread());
  }

  /**
   * Keeps a thread whose context is closed, for the next one: a thread of the guest's that comes
   * and goes costs the host nothing then.
   *
   * <p>A hostile guest may run on in it, as in any thread that it says has stopped; there are only
   * so many of them, and they end with the process.
   *
   * @return false if it is not to be kept
   */
  boolean keepIdle(SystrapThread thread) {
    if (process().isDead() || !thread.seemsStopped()) {
      return false;
    }
    synchronized (idleSlots) {
      if (closed || idleThreads.size() == MOST_IDLE_THREADS) {
        return false;
      }
      idleThreads.push(thread);
      return true;
    }
  }

  SystrapPlatform platform() {
    return platform;
  }

  void add(SystrapContext context) {
    contexts.putIfAbsent(Thread.currentThread(), context);
  }

  void remove(SystrapContext context) {
    contexts.remove(Thread.currentThread(), context);
  }

  @Override
  protected @Nullable TracedThread ownThread() {
    TracedThread own = super.ownThread();
    if (own != null) {
      return own;
    }
    SystrapContext context = contexts.get(Thread.currentThread());
    if (context == null) {
      return null;
    }
    boolean pays =
        process().hasParkedThread() || context.countDetour() >= DETOURS_BEFORE_OWN_THREAD;
    return pays ? context.makeInjector() : null;
  }

  /**
   * Returns a slot that no thread uses, mapped.
   *
   * @param thread a thread of the process to map it with
   */
  Slot acquireSlot(TracedThread thread) {
    int index;
    synchronized (idleSlots) {
      Slot idle = idleSlots.poll();
      if (idle != null) {
        return idle;
      }
      if (slotCount == StubLayout.SLOT_COUNT) {
        throw LinuxException.of(Errno.EAGAIN);
      }
      index = slotCount++;
    }
    FileRange range = memoryFile().allocate(Slot.BYTE_COUNT, MemoryKind.SYSTEM);
    Slot slot = new Slot(index, range, memoryFile().segment(range));
    long result =
        thread.inject(
            SystemCall.MMAP,
            slot.address(),
            Slot.BYTE_COUNT,
            PROT_READ_WRITE,
            MAP_SHARED_FIXED,
            StubLayout.MEMORY_FILE_DESCRIPTOR,
            range.start());
    if (result != slot.address()) {
      memoryFile().decRef(range);
      if (result == -Errno.ENOMEM.number()) {
        throw LinuxException.of(Errno.ENOMEM);
      }
      throw new HostException("mapping a slot", (int) -result);
    }
    return slot;
  }

  /** Takes back a slot, whose thread has ended. */
  void releaseSlot(Slot slot) {
    synchronized (idleSlots) {
      if (!closed) {
        idleSlots.add(slot);
        return;
      }
    }
    memoryFile().decRef(slot.range());
  }

  @Override
  protected void onClose() {
    ArrayDeque<Slot> slots;
    synchronized (idleSlots) {
      closed = true;
      slots = new ArrayDeque<>(idleSlots);
      idleThreads.forEach(thread -> slots.add(thread.slot()));
      idleSlots.clear();
      idleThreads.clear();
    }
    slots.forEach(slot -> memoryFile().decRef(slot.range()));
  }
}
