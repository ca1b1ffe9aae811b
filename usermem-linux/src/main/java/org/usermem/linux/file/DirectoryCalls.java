package org.usermem.linux.file;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.DirectoryVisitor;
import org.usermem.fs.FileDescription;
import org.usermem.fs.attribute.FileType;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;

/** getdents(2) and getdents64(2); fs/readdir.c. */
public final class DirectoryCalls {
  private static final int BUFFER_BYTE_COUNT = 32 << 10;

  private DirectoryCalls() {}

  /** getdents64(fd, dirp, count). */
  public static long getdents64(Task task, SyscallArguments args) {
    return list(task, args, true);
  }

  /** getdents(fd, dirp, count): the old form, which has the type behind the name. */
  public static long getdents(Task task, SyscallArguments args) {
    return list(task, args, false);
  }

  private static long list(Task task, SyscallArguments args, boolean largeForm) {
    int room = (int) Math.min(args.asUnsignedInt(2), BUFFER_BYTE_COUNT);
    FileDescription file = task.files().get(args.asInt(0));
    try {
      Entries entries = new Entries(task.scratch(room), largeForm);
      file.list(entries);
      if (entries.used == 0) {
        if (entries.isFull) {
          throw LinuxException.of(Errno.EINVAL);
        }
        return 0;
      }
      task.copyOutFully(args.asLong(1), entries.buffer.asSlice(0, entries.used));
      return entries.used;
    } finally {
      file.decRef();
    }
  }

  /**
   * Collects {@code struct linux_dirent64} or {@code struct linux_dirent}, each padded to eight
   * bytes.
   */
  private static final class Entries implements DirectoryVisitor {
    private static final int LARGE_HEADER = 19;
    private static final int SMALL_HEADER = 18;

    private final MemorySegment buffer;
    private final boolean largeForm;
    private int used;
    private boolean isFull;

    Entries(MemorySegment buffer, boolean largeForm) {
      this.buffer = buffer;
      this.largeForm = largeForm;
    }

    @Override
    public boolean visit(String name, FileType type, long inode, long nextOffset) {
      int header = largeForm ? LARGE_HEADER : SMALL_HEADER;
      int trailer = largeForm ? 1 : 2;
      int length = header + name.length() + trailer + 7 & -8;
      if (used + length > buffer.byteSize()) {
        isFull = true;
        return false;
      }
      buffer.set(JAVA_LONG_UNALIGNED, used, inode);
      buffer.set(JAVA_LONG_UNALIGNED, used + 8, nextOffset);
      buffer.set(JAVA_SHORT_UNALIGNED, used + 16, (short) length);
      int at = used + header;
      for (int i = 0; i < name.length(); i++) {
        buffer.set(JAVA_BYTE, at++, (byte) name.charAt(i));
      }
      while (at < used + length) {
        buffer.set(JAVA_BYTE, at++, (byte) 0);
      }
      int typeAt = largeForm ? used + 18 : used + length - 1;
      buffer.set(JAVA_BYTE, typeAt, (byte) type.entryCode());
      used += length;
      return true;
    }
  }
}
