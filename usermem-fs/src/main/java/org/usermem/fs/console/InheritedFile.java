package org.usermem.fs.console;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ScatteringByteChannel;
import org.usermem.block.BlockReaders;
import org.usermem.block.BlockWriters;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.AnonymousFiles;
import org.usermem.fs.AnonymousInode;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.Whence;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/**
 * A regular file that the host has open already: what a guest has as standard input or output if
 * the caller's is a file. The position is the host's, so that whoever uses the host's descriptor
 * next goes on where the guest has left it.
 *
 * <p>Thread safety: all methods may be called by any thread.
 */
public final class InheritedFile {

  private InheritedFile() {}

  /**
   * Makes a description that no path leads to.
   *
   * @param files where its inode lives
   * @param channel the open file; stays the caller's
   * @param mode type and permissions that fstat(2) shows
   * @param displayName what /proc/PID/fd shows
   * @param flags flags of {@link org.usermem.fs.OpenFlags}
   * @param credentials who has it
   */
  public static FileDescription describe(
      AnonymousFiles files,
      FileChannel channel,
      int mode,
      String displayName,
      int flags,
      Credentials credentials) {
    AnonymousInode inode =
        new AnonymousInode(
            files.fileSystem(),
            files.newInodeNumber(),
            mode,
            credentials.userId(),
            credentials.groupId()) {
          @Override
          public FileDescription open(OpenRequest request) {
            return new Description(request, channel);
          }

          @Override
          public FileAttributes attributes() {
            return super.attributes().withByteSize(call(channel::size));
          }
        };
    return new Description(
        new OpenRequest(files.place(inode, displayName), flags, credentials), channel);
  }

  /** Something that is asked of the host. */
  private interface HostCall<T> {
    T run() throws IOException;
  }

  private static <T> T call(HostCall<T> call) {
    try {
      return call.run();
    } catch (IOException e) {
      throw LinuxException.of(Errno.EIO);
    }
  }

  private static final class Description extends FileDescription {

    private final FileChannel channel;

    Description(OpenRequest request, FileChannel channel) {
      super(request);
      this.channel = channel;
    }

    @Override
    public boolean hasPositions() {
      return true;
    }

    @Override
    protected long onRead(Sink dst, TransferOptions options) {
      ScatteringByteChannel atPosition = channel;
      return dst.isEmpty() ? 0 : dst.copyOutFrom(BlockReaders.from(atPosition));
    }

    @Override
    protected long onReadAt(Sink dst, long offset, TransferOptions options) {
      return dst.isEmpty() ? 0 : dst.copyOutFrom(BlockReaders.from(channel, offset));
    }

    @Override
    protected long onWrite(Source src, TransferOptions options) {
      GatheringByteChannel atPosition = channel;
      return src.isEmpty() ? 0 : src.copyInTo(BlockWriters.to(atPosition));
    }

    @Override
    protected long onWriteAt(Source src, long offset, TransferOptions options) {
      return src.isEmpty() ? 0 : src.copyInTo(BlockWriters.to(channel, offset));
    }

    @Override
    public long seek(long offset, Whence whence) {
      long size = call(channel::size);
      long base =
          switch (whence) {
            case SET -> 0;
            case CURRENT -> call(channel::position);
            case END -> size;
            case DATA, HOLE -> {
              if (offset < 0 || offset >= size) {
                throw LinuxException.of(Errno.ENXIO);
              }
              // All of it is data, and the only hole is at its end.
              yield whence == Whence.DATA ? 0 : size - offset;
            }
          };
      long position = base + offset;
      if (position < 0) {
        throw LinuxException.of(Errno.EINVAL);
      }
      call(() -> channel.position(position));
      return position;
    }

    @Override
    public void truncate(long byteSize, TransferOptions options) {
      if (byteSize < 0 || !isWritable()) {
        throw LinuxException.of(Errno.EINVAL);
      }
      if (byteSize > options.fileByteLimit()) {
        throw LinuxException.of(Errno.EFBIG);
      }
      long position = call(channel::position);
      if (byteSize > call(channel::size)) {
        call(() -> channel.write(ByteBuffer.allocate(1), byteSize - 1));
      } else {
        call(() -> channel.truncate(byteSize));
      }
      call(() -> channel.position(position));
    }

    @Override
    public void sync(boolean dataOnly) {
      call(
          () -> {
            channel.force(!dataOnly);
            return true;
          });
    }
  }
}
