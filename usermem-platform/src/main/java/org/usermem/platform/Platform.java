package org.usermem.platform;

import java.util.OptionalLong;

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
   * Returns the address of a function of the host by which guest code reads the host's clocks, as
   * fast as the host's own programs do: {@code int clock_gettime(clockid_t, struct timespec *)},
   * for CLOCK_REALTIME and CLOCK_MONOTONIC. It is there in every address space of the platform,
   * above {@link #maxAddress()}. Where the host's clocks can't be read without a system call the
   * function makes one, which stops the guest as any other.
   *
   * @return the address; nothing if there is no such function
   */
  default OptionalLong clockFunction() {
    return OptionalLong.empty();
  }

  /**
   * Returns whether guest code can call into the vsyscall page of x86-64, as programs did before
   * there were vdsos. Such a call is one of {@link StopReason#SYSCALL} that returns like a
   * function: {@code rip} is behind the instruction that called the page, and {@code rcx} is not
   * {@code rip}.
   */
  default boolean hasVsyscallPage() {
    return false;
  }

  /**
   * Ends all guest code and gives back what the platform holds of the host.
   *
   * <p>Address spaces that are still open are closed, and a context that runs stops with {@link
   * StopReason#DEAD}. Closing twice has no effect.
   */
  @Override
  void close();
}
