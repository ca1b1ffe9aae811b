package org.usermem.platform.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntConsumer;
import org.usermem.addr.Addr;
import org.usermem.platform.host.HostCalls;
import org.usermem.platform.host.SystemCall;

/**
 * Hands signals of the process to listeners, by way of a pipe that a handler of a few instructions
 * writes to.
 *
 * <p>There is one in a process, because a signal has one handler in a process; the page with the
 * handler stays to the end, as nobody can tell when the last thread has left it. The thread that
 * reads the pipe is there only while somebody listens: a JVM that ends waits for a thread in a host
 * call.
 */
final class SignalRelay {

  /** Somebody who listens to some signals; equal to nobody else. */
  static final class Listener {
    private final Set<Integer> signals;
    private final IntConsumer handler;

    Listener(Set<Integer> signals, IntConsumer handler) {
      this.signals = signals;
      this.handler = handler;
    }
  }

  private static final class Holder {
    static final SignalRelay SHARED = new SignalRelay();
  }

  /** In the pipe: nothing has happened but that somebody does not listen any more. */
  private static final int NO_SIGNAL = 0;

  private static final int RESTORER_OFFSET = 0x40;
  private static final int DESCRIPTOR_OFFSET = 0x60;
  private static final int O_NONBLOCK = 0x800;
  private static final int O_CLOEXEC = 0x8_0000;
  private static final int F_SETFL = 4;
  private static final int PROT_READ_WRITE = 3;
  private static final int PROT_READ_EXECUTE = 5;
  private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
  private static final long SA_RESTORER_RESTART = 0x0400_0000 | 0x1000_0000;
  private static final long ACTION_BYTES = 32;

  private final int readEnd;
  private final int writeEnd;
  private final long handlerAddress;
  private final CopyOnWriteArrayList<Listener> listeners = new CopyOnWriteArrayList<>();

  /** What the JVM does with the signals that somebody listens to; guarded by this. */
  private final Map<Integer, MemorySegment> actionsBefore = new HashMap<>();

  private boolean dispatching; // guarded by this
  private final Arena arena = Arena.ofAuto();

  private SignalRelay() {
    HostCalls host = HostCalls.current();
    MemorySegment ends = host.scratch();
    HostCalls.require(
        host.call(SystemCall.PIPE2, ends.address(), O_CLOEXEC, 0), "making a pipe for signals");
    readEnd = ends.getAtIndex(ValueLayout.JAVA_INT, 0);
    writeEnd = ends.getAtIndex(ValueLayout.JAVA_INT, 1);
    HostCalls.require(
        host.call(SystemCall.FCNTL, writeEnd, F_SETFL, O_NONBLOCK), "preparing a pipe for signals");
    handlerAddress = loadHandler(host, writeEnd);
  }

  static SignalRelay shared() {
    return Holder.SHARED;
  }

  synchronized void add(Listener listener) {
    listeners.add(listener);
    for (int signal : listener.signals) {
      if (!actionsBefore.containsKey(signal)) {
        actionsBefore.put(signal, install(signal));
      }
    }
    if (!dispatching) {
      dispatching = true;
      Thread.ofPlatform().daemon().name("usermem-signals").start(this::dispatch);
    }
  }

  synchronized void remove(Listener listener) {
    if (!listeners.remove(listener)) {
      return;
    }
    for (int signal : listener.signals) {
      boolean wanted = listeners.stream().anyMatch(other -> other.signals.contains(signal));
      MemorySegment before = wanted ? null : actionsBefore.remove(signal);
      if (before != null) {
        setAction(signal, before.address(), 0);
      }
    }
    if (listeners.isEmpty()) {
      wakeDispatcher();
    }
  }

  /** Has the dispatcher look whether it is needed, which it does after all that it reads. */
  private void wakeDispatcher() {
    HostCalls host = HostCalls.current();
    MemorySegment number = host.scratch();
    number.set(ValueLayout.JAVA_LONG, 0, NO_SIGNAL);
    host.call(SystemCall.WRITE, writeEnd, number.address(), Long.BYTES);
  }

  private MemorySegment install(int signal) {
    MemorySegment before = arena.allocate(ACTION_BYTES, 8);
    MemorySegment action = arena.allocate(ACTION_BYTES, 8);
    action.set(ValueLayout.JAVA_LONG, 0, handlerAddress);
    action.set(ValueLayout.JAVA_LONG, 8, SA_RESTORER_RESTART);
    action.set(ValueLayout.JAVA_LONG, 16, handlerAddress + RESTORER_OFFSET);
    setAction(signal, action.address(), before.address());
    return before;
  }

  private static void setAction(int signal, long action, long before) {
    HostCalls.require(
        HostCalls.current().call(SystemCall.RT_SIGACTION, signal, action, before, Long.BYTES),
        "handling signal " + signal);
  }

  private void dispatch() {
    HostCalls host = HostCalls.current();
    MemorySegment number = arena.allocate(Long.BYTES, 8);
    while (true) {
      long result = host.call(SystemCall.READ, readEnd, number.address(), Long.BYTES);
      if (result == Long.BYTES) {
        int signal = (int) number.get(ValueLayout.JAVA_LONG, 0);
        for (Listener listener : listeners) {
          if (listener.signals.contains(signal)) {
            listener.handler.accept(signal);
          }
        }
        if (listeners.isEmpty() && endsDispatching()) {
          return;
        }
      }
    }
  }

  private synchronized boolean endsDispatching() {
    if (listeners.isEmpty()) {
      dispatching = false;
    }
    return !dispatching;
  }

  @SuppressWarnings("restricted") // the size is that of the mapping made here
  private static long loadHandler(HostCalls host, int descriptor) {
    long address =
        HostCalls.require(
            host.call(
                SystemCall.MMAP, 0, Addr.PAGE_SIZE, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0),
            "mapping a page for a signal handler");
    MemorySegment page = MemorySegment.ofAddress(address).reinterpret(Addr.PAGE_SIZE);
    page.copyFrom(MemorySegment.ofArray(code()));
    page.set(ValueLayout.JAVA_INT, DESCRIPTOR_OFFSET, descriptor);
    HostCalls.require(
        host.call(SystemCall.MPROTECT, address, Addr.PAGE_SIZE, PROT_READ_EXECUTE),
        "protecting a signal handler");
    return address;
  }

  private static byte[] code() {
    try (InputStream resource = SignalRelay.class.getResourceAsStream("relay.bin")) {
      if (resource == null) {
        throw new IllegalStateException("the module has lost its resource relay.bin");
      }
      return resource.readAllBytes();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
