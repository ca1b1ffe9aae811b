package org.usermem.linux.file;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.pipe.Pipes;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.linux.system.LinuxSystem;

/** pipe(2) and pipe2(2); fs/pipe.c. */
public final class PipeCalls {
  private static final int KNOWN_FLAGS =
      OpenFlags.CLOSE_ON_EXEC | OpenFlags.NON_BLOCKING | OpenFlags.DIRECT;

  private PipeCalls() {}

  /** pipe(fildes). */
  public static long pipe(Task task, SyscallArguments args) {
    return create(task, args.asLong(0), 0);
  }

  /** pipe2(fildes, flags). */
  public static long pipe2(Task task, SyscallArguments args) {
    int flags = args.asInt(1);
    if ((flags & ~KNOWN_FLAGS) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    return create(task, args.asLong(0), flags);
  }

  private static long create(Task task, long address, int flags) {
    Pipes.Ends ends =
        Pipes.create(
            LinuxSystem.of(task).vfs().anonymousFiles(), flags, task.credentials().forFiles());
    return installPair(task, ends.reader(), ends.writer(), flags, address);
  }

  /**
   * Opens descriptors for two descriptions, or for none, and stores them.
   *
   * @param address of an array of two ints
   */
  public static long installPair(
      Task task, FileDescription first, FileDescription second, int flags, long address) {
    boolean closeOnExec = (flags & OpenFlags.CLOSE_ON_EXEC) != 0;
    int[] fds;
    try {
      fds =
          task.files().installAll(List.of(first, second), closeOnExec, DescriptorCalls.limit(task));
    } catch (LinuxException e) {
      first.decRef();
      second.decRef();
      throw e;
    }
    MemorySegment pair = task.scratch(8);
    pair.set(JAVA_INT_UNALIGNED, 0, fds[0]);
    pair.set(JAVA_INT_UNALIGNED, 4, fds[1]);
    try {
      task.copyOutFully(address, pair);
    } catch (LinuxException e) {
      task.files().close(fds[0]);
      task.files().close(fds[1]);
      throw e;
    }
    return 0;
  }
}
