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
 * <p>A Java thread that maps a lot gets a traced thread of its own to inject into; until then the
 * warden does it.
 */
final class SystrapAddressSpace extends StubAddressSpace {

  /** So many detours over the warden cost as much as a thread of one's own. */
  private static final int DETOURS_BEFORE_OWN_THREAD = 16;

  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_SHARED_FIXED = 0x11;

  private final SystrapPlatform platform;
  private final ConcurrentHashMap<Thread, SystrapContext> contexts = new ConcurrentHashMap<>();

  // Guarded by itself:
  private final ArrayDeque<Slot> idleSlots = new ArrayDeque<>();
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
    return new SystrapContext(this, SystrapThread.start(this, platform.sleep()));
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
    return context == null || context.countDetour() < DETOURS_BEFORE_OWN_THREAD
        ? null
        : context.makeInjector();
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
      idleSlots.clear();
    }
    slots.forEach(slot -> memoryFile().decRef(slot.range()));
  }
}
