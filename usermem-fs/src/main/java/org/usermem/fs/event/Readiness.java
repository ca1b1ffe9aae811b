package org.usermem.fs.event;

/**
 * Bits of a readiness mask, with the values of poll(2) and epoll(7) on Linux.
 *
 * <p>A mask says what can be done with a file without waiting. {@link #ERROR} and {@link #HANG_UP}
 * are reported whether or not they were asked for.
 */
public final class Readiness {

  /** A read would not wait (EPOLLIN). */
  public static final int IN = 0x001;

  /**
   * There is an exceptional condition, such as a changed attribute of a pseudo-terminal (EPOLLPRI).
   */
  public static final int PRIORITY = 0x002;

  /** A write would not wait (EPOLLOUT). */
  public static final int OUT = 0x004;

  /** An error is pending, or nobody reads what is written (EPOLLERR). */
  public static final int ERROR = 0x008;

  /** The other side has gone (EPOLLHUP). */
  public static final int HANG_UP = 0x010;

  /** Normal data can be read (EPOLLRDNORM). */
  public static final int READ_NORMAL = 0x040;

  /** Normal data can be written (EPOLLWRNORM). */
  public static final int WRITE_NORMAL = 0x100;

  /** The other side has stopped writing (EPOLLRDHUP). */
  public static final int READ_HANG_UP = 0x2000;

  /**
   * An open that waits for the other side is complete. Not a bit of Linux's: FIFOs notify it to
   * whoever waits for {@code FileDescription.isOpenComplete()}.
   */
  public static final int OPENED = 0x0100_0000;

  /** What a readable file reports. */
  public static final int READABLE = IN | READ_NORMAL;

  /** What a writable file reports. */
  public static final int WRITABLE = OUT | WRITE_NORMAL;

  /** The bits that are reported without being asked for. */
  public static final int ALWAYS = ERROR | HANG_UP;

  /** Every bit that poll(2) can report. */
  public static final int ALL = READABLE | WRITABLE | PRIORITY | ALWAYS | READ_HANG_UP;

  private Readiness() {}
}
