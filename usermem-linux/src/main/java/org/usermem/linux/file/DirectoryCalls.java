package org.usermem.linux.file;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.DirectoryVisitor;
import org.usermem.fs.FileDescription;
import org.usermem.fs.Whence;
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
    // A length is taken for a signed number: of a negative one every entry is too long.
    int room = Math.clamp(args.asInt(2), 0, BUFFER_BYTE_COUNT);
    FileDescription file = task.files().get(args.asInt(0));
    try {
      Entries entries = new Entries(task.scratch(room), largeForm);
      long start = file.hasPositions() ? file.position() : 0;
      file.list(entries);
      if (entries.used == 0) {
        if (entries.isFull) {
          throw LinuxException.of(Errno.EINVAL);
        }
        return 0;
      }
      return copyOut(task, file, args.asLong(1), entries, start);
    } finally {
      file.decRef();
    }
  }

  /** Copies what fits before memory ends; the rest is listed the next time. */
  private static long copyOut(
      Task task, FileDescription file, long address, Entries entries, long start) {
    MemorySegment buffer = entries.buffer.asSlice(0, entries.used);
    try {
      long copied = task.copyOut(address, buffer);
      if (copied == buffer.byteSize()) {
        return copied;
      }
      int whole = entries.wholeWithin(copied);
      file.seek(whole == 0 ? start : entries.offsetAfter(whole), Whence.SET);
      if (whole > 0) {
        return whole;
      }
    } catch (LinuxException e) {
      file.seek(start, Whence.SET);
      throw e;
    }
    throw LinuxException.of(Errno.EFAULT);
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

    /** Returns the length of the entries that end within a number of bytes. */
    int wholeWithin(long byteCount) {
      int at = 0;
      while (at < used && at + length(at) <= byteCount) {
        at += length(at);
      }
      return at;
    }

    /** Returns the position behind the entry that ends at a place in the buffer. */
    long offsetAfter(int end) {
      int at = 0;
      while (at + length(at) < end) {
        at += length(at);
      }
      return buffer.get(JAVA_LONG_UNALIGNED, at + 8);
    }

    private int length(int at) {
      return Short.toUnsignedInt(buffer.get(JAVA_SHORT_UNALIGNED, at + 16));
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
