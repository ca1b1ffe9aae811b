package org.usermem.sentry.run;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.usermem.errno.LinuxException;
import org.usermem.fs.event.Readiness;
import org.usermem.fs.event.Waiter;
import org.usermem.linux.tty.Terminal;
import org.usermem.linux.tty.WindowSize;
import org.usermem.platform.terminal.HostDescriptor;
import org.usermem.platform.terminal.HostSignals;
import org.usermem.platform.terminal.HostTerminal;
import org.usermem.platform.terminal.RawMode;

/**
 * The caller's terminal as the guest's controlling terminal. The host's is raw meanwhile: editing,
 * echo and signals are the work of the guest's line discipline, between the two ends of which one
 * thread carries what is typed and another what is shown.
 */
final class CallerTerminal implements AutoCloseable {
  private static final int SIGWINCH = 28;
  private static final int IUTF8 = 0x4000;
  private static final int BUFFER = 4096;
  private static final int POLL_MILLIS = 200;

  private final HostTerminal host;
  private final RawMode rawMode;
  private final Terminal terminal;
  private final HostSignals signals;
  private final Semaphore output = new Semaphore(0);
  private final Waiter outputWaiter = Waiter.of(Readiness.READABLE, output::release);
  private final Thread typing =
      Thread.ofPlatform().daemon().name("usermem-typing").unstarted(this::carryTyped);
  private final Thread showing =
      Thread.ofPlatform().daemon().name("usermem-showing").unstarted(this::carryShown);
  private volatile boolean closed;
  private boolean begun;

  CallerTerminal(HostTerminal host, Terminal terminal) {
    this.host = host;
    this.terminal = terminal;
    if ((host.attributes().inputFlags() & IUTF8) != 0) {
      terminal.editUtf8();
    }
    this.rawMode = host.enterRawMode();
    this.signals = HostSignals.listen(Set.of(SIGWINCH), signo -> copySize());
    copySize();
    terminal.masterQueue().register(outputWaiter);
  }

  /**
   * Begins to carry, once the terminal is some session's: a Ctrl-C typed before has to find whom it
   * interrupts. Does nothing if it was called before.
   */
  synchronized void begin() {
    if (!begun) {
      begun = true;
      typing.start();
      showing.start();
    }
  }

  private void copySize() {
    var size = host.windowSize();
    terminal.setWindowSize(
        new WindowSize(size.rows(), size.columns(), size.pixelWidth(), size.pixelHeight()));
  }

  private void carryTyped() {
    HostDescriptor descriptor = new HostDescriptor(host.descriptor());
    byte[] bytes = new byte[BUFFER];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(BUFFER);
      while (!closed) {
        if (descriptor.poll(HostDescriptor.POLLIN, POLL_MILLIS) == 0) {
          continue;
        }
        long count = descriptor.read(buffer);
        if (count <= 0) {
          terminal.hangUp();
          return;
        }
        MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, 0, (int) count);
        type(bytes, (int) count);
      }
    }
  }

  private void type(byte[] bytes, int count) {
    int done = 0;
    while (done < count && !closed) {
      byte[] rest = Arrays.copyOfRange(bytes, done, count);
      try {
        done += terminal.type(rest, rest.length);
      } catch (LinuxException e) {
        // The line is full until a program reads it; what is typed meanwhile waits.
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(10);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void carryShown() {
    HostDescriptor descriptor = new HostDescriptor(host.descriptor());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(BUFFER);
      while (true) {
        try {
          terminal.show(BUFFER, (bytes, count) -> write(descriptor, buffer, bytes, count));
        } catch (LinuxException e) {
          if (closed) {
            return;
          }
          output.acquireUninterruptibly();
        }
      }
    }
  }

  private static long write(
      HostDescriptor descriptor, MemorySegment buffer, byte[] bytes, int count) {
    MemorySegment.copy(bytes, 0, buffer, ValueLayout.JAVA_BYTE, 0, count);
    long done = 0;
    while (done < count) {
      long written = descriptor.write(buffer.asSlice(done, count - done));
      if (written <= 0) {
        return count;
      }
      done += written;
    }
    return count;
  }

  /** Shows what programs have written to the end, and gives the terminal back. */
  @Override
  public void close() {
    closed = true;
    output.release();
    try {
      showing.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    terminal.masterQueue().unregister(outputWaiter);
    signals.close();
    rawMode.close();
  }
}
