package org.usermem.linux.abi;

import java.lang.foreign.MemorySegment;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.Task;

/**
 * Structures that have grown over time and come with their length ({@code copy_struct_from_user}):
 * what the program's has less is zero, what it has more must be zero.
 */
public final class ExtensibleStruct {
  private static final int MAXIMUM_BYTE_COUNT = 4096;

  private ExtensibleStruct() {}

  /**
   * Copies a structure in.
   *
   * @param byteCount the program's length of it
   * @param minimum the length of the first version
   * @param known the length of the version that is understood here
   * @return {@code known} bytes, in the task's scratch buffer
   * @throws LinuxException EINVAL if it is shorter than the first version; E2BIG if what is not
   *     understood is set, or for more than a page; EFAULT
   */
  public static MemorySegment copyIn(
      Task task, long address, long byteCount, int minimum, int known) {
    if (Long.compareUnsigned(byteCount, minimum) < 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (Long.compareUnsigned(byteCount, MAXIMUM_BYTE_COUNT) > 0) {
      throw LinuxException.of(Errno.E2BIG);
    }
    int copied = (int) byteCount;
    MemorySegment all = task.scratch(Math.max(copied, known));
    task.copyInFully(address, all.asSlice(0, copied));
    if (copied > known && all.asSlice(known, copied - known).mismatch(zeros(copied - known)) >= 0) {
      throw LinuxException.of(Errno.E2BIG);
    }
    if (copied < known) {
      all.asSlice(copied, known - copied).fill((byte) 0);
    }
    return all.asSlice(0, known);
  }

  private static MemorySegment zeros(int byteCount) {
    return MemorySegment.ofArray(new byte[byteCount]);
  }
}
