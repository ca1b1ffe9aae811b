package org.usermem.platform;

/**
 * A way of running guest code on this machine, over one memory file.
 *
 * <p>A platform knows nothing of processes, signals or system calls of the guest: it maps ranges of
 * the memory file at guest addresses, lets a guest thread run, and says why it stopped. All else is
 * the kernel's.
 *
 * <p>Thread safety: every method may be called from any thread.
 *
 * <p>Source: {@code pkg/sentry/platform/platform.go} of gVisor.
 */
public interface Platform extends AutoCloseable {

  /** Returns the name that the command line knows the platform by, such as "ptrace". */
  String name();

  /**
   * Makes an empty address space.
   *
   * @throws org.usermem.errno.LinuxException with ENOMEM or EAGAIN if the host has no memory or no
   *     process left for it
   */
  AddressSpace newAddressSpace();

  /** Returns the lowest address that can be mapped, a multiple of the page size. */
  long minAddress();

  /**
   * Returns the first address above all those that can be mapped, a multiple of the page size.
   *
   * <p>It is lower than the end of the host's own address spaces where the platform keeps something
   * of its own above it.
   */
  long maxAddress();

  /**
   * Ends all guest code and gives back what the platform holds of the host.
   *
   * <p>Address spaces that are still open are closed, and a context that runs stops with {@link
   * StopReason#DEAD}. Closing twice has no effect.
   */
  @Override
  void close();
}
