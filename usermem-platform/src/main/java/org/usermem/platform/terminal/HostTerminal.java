package org.usermem.platform.terminal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.usermem.platform.host.HostCalls;
import org.usermem.platform.host.HostException;
import org.usermem.platform.host.SystemCall;

/**
 * A terminal that this process has open, such as its standard input.
 *
 * <p>Thread safety: every method may be called from any thread.
 */
public final class HostTerminal {

  private static final int TCGETS = 0x5401;
  private static final int TCSETSW = 0x5403;
  private static final int TIOCGWINSZ = 0x5413;
  private static final int TIOCSWINSZ = 0x5414;
  private static final long WINDOW_SIZE_BYTES = 8;

  private final int descriptor;

  private HostTerminal(int descriptor) {
    this.descriptor = descriptor;
  }

  /**
   * Returns the terminal behind a descriptor of this process, if it is one.
   *
   * @param descriptor such as 0 for standard input
   */
  public static Optional<HostTerminal> of(int descriptor) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment struct = arena.allocate(TerminalAttributes.BYTE_COUNT, 8);
      return control(descriptor, TCGETS, struct) == 0
          ? Optional.of(new HostTerminal(descriptor))
          : Optional.empty();
    }
  }

  /** Returns whether a descriptor of this process is a terminal, as isatty(3) does. */
  public static boolean isTerminal(int descriptor) {
    return of(descriptor).isPresent();
  }

  /** Returns the descriptor. */
  public int descriptor() {
    return descriptor;
  }

  /**
   * Returns the size of the window.
   *
   * @throws HostException if the terminal is gone
   */
  public WindowSize windowSize() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment struct = arena.allocate(WINDOW_SIZE_BYTES, 8);
      require(TIOCGWINSZ, struct, "asking for the size of the terminal");
      return new WindowSize(
          Short.toUnsignedInt(struct.getAtIndex(ValueLayout.JAVA_SHORT, 0)),
          Short.toUnsignedInt(struct.getAtIndex(ValueLayout.JAVA_SHORT, 1)),
          Short.toUnsignedInt(struct.getAtIndex(ValueLayout.JAVA_SHORT, 2)),
          Short.toUnsignedInt(struct.getAtIndex(ValueLayout.JAVA_SHORT, 3)));
    }
  }

  /**
   * Sets the size that the terminal says it has.
   *
   * @throws HostException if the terminal is gone
   */
  public void setWindowSize(WindowSize size) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment struct = arena.allocate(WINDOW_SIZE_BYTES, 8);
      struct.setAtIndex(ValueLayout.JAVA_SHORT, 0, (short) size.rows());
      struct.setAtIndex(ValueLayout.JAVA_SHORT, 1, (short) size.columns());
      struct.setAtIndex(ValueLayout.JAVA_SHORT, 2, (short) size.pixelWidth());
      struct.setAtIndex(ValueLayout.JAVA_SHORT, 3, (short) size.pixelHeight());
      require(TIOCSWINSZ, struct, "setting the size of the terminal");
    }
  }

  /**
   * Returns the attributes.
   *
   * @throws HostException if the terminal is gone
   */
  public TerminalAttributes attributes() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment struct = arena.allocate(TerminalAttributes.BYTE_COUNT, 8);
      require(TCGETS, struct, "asking for the attributes of the terminal");
      return TerminalAttributes.readFrom(struct);
    }
  }

  /**
   * Sets the attributes, when what was written has gone out.
   *
   * <p>A process in the background of its terminal is stopped by this (SIGTTOU).
   *
   * @throws HostException if the terminal is gone
   */
  public void setAttributes(TerminalAttributes attributes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment struct = arena.allocate(TerminalAttributes.BYTE_COUNT, 8);
      attributes.writeTo(struct);
      require(TCSETSW, struct, "setting the attributes of the terminal");
    }
  }

  /**
   * Makes the terminal pass every byte on as it is, until the result is closed or the JVM ends.
   *
   * @throws HostException if the terminal is gone
   */
  public RawMode enterRawMode() {
    return new RawMode(this);
  }

  private void require(int request, MemorySegment struct, String what) {
    HostCalls.require(control(descriptor, request, struct), what);
  }

  private static long control(int descriptor, int request, MemorySegment struct) {
    return HostCalls.current().call(SystemCall.IOCTL, descriptor, request, struct.address());
  }
}
