package org.usermem.platform.file;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.usermem.platform.host.HostCalls;
import org.usermem.platform.host.SystemCall;

/**
 * Files of the host, by the descriptor of an open directory and a name in it.
 *
 * <p>Thread safety: every method may be called from any thread.
 */
public final class HostFiles {

  private static final int NAME_BYTE_LIMIT = 255;
  private static final long NAME_OFFSET = 256;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final long STAT_BLOCKS_OFFSET = 64;

  private HostFiles() {}

  /**
   * Returns how much space a file takes: {@code st_blocks} of fstatat(2).
   *
   * @param directory the descriptor of an open directory
   * @param name one component, not longer than 255 bytes; a symbolic link is not followed
   * @return a number of blocks of 512 bytes
   * @throws IOException if there is no such file, or the host does not say
   */
  public static long blockCount(int directory, byte[] name) throws IOException {
    if (name.length > NAME_BYTE_LIMIT) {
      throw new IOException("a name of " + name.length + " bytes is too long");
    }
    HostCalls host = HostCalls.current();
    MemorySegment stat = host.scratch();
    MemorySegment text = stat.asSlice(NAME_OFFSET, NAME_BYTE_LIMIT + 1);
    MemorySegment.copy(name, 0, text, ValueLayout.JAVA_BYTE, 0, name.length);
    text.set(ValueLayout.JAVA_BYTE, name.length, (byte) 0);
    long result =
        host.call(
            SystemCall.NEWFSTATAT, directory, text.address(), stat.address(), AT_SYMLINK_NOFOLLOW);
    if (result < 0) {
      throw new IOException("fstatat of a host file fails with errno " + -result);
    }
    return stat.get(ValueLayout.JAVA_LONG, STAT_BLOCKS_OFFSET);
  }
}
