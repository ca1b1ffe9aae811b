package org.usermem.fs.console;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ScatteringByteChannel;
import org.usermem.addr.AccessType;
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
import org.usermem.fs.page.BackingChannel;
import org.usermem.fs.page.BackingFile;
import org.usermem.fs.page.CachedContents;
import org.usermem.fs.page.ChannelStorage;
import org.usermem.fs.page.RetainedPages;
import org.usermem.memmap.MapOptions;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/**
 * A regular file that the host has open already: what a guest has as standard input or output if
 * the caller's is a file. The position is the host's, so that whoever uses the host's descriptor
 * next goes on where the guest has left it. It can be mapped: privately, or shared for reading;
 * pages that are mapped show the file as it was when they were first touched.
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
    OpenFile inode = new OpenFile(files, channel, mode, credentials);
    return new Description(
        new OpenRequest(files.place(inode, displayName), flags, credentials), inode);
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

  /** The file, without a name here: all descriptions of it share what is mapped. */
  private static final class OpenFile extends AnonymousInode {

    private final FileChannel channel;
    private final CachedContents contents;

    OpenFile(AnonymousFiles files, FileChannel channel, int mode, Credentials credentials) {
      super(
          files.fileSystem(),
          files.newInodeNumber(),
          mode,
          credentials.userId(),
          credentials.groupId());
      this.channel = channel;
      this.contents =
          new CachedContents(this, new OpenChannel(channel), new RetainedPages(0), byteSize());
    }

    private long byteSize() {
      return call(channel::size);
    }

    @Override
    public FileAttributes attributes() {
      return super.attributes().withByteSize(byteSize());
    }

    @Override
    public FileDescription open(OpenRequest request) {
      return new Description(request, this);
    }

    @Override
    protected void idle() {
      contents.idle();
    }
  }

  /** The host's channel as storage that is only read, and stays the caller's. */
  private record OpenChannel(FileChannel channel) implements BackingFile {

    @Override
    public BackingChannel open(boolean writable) {
      if (writable) {
        throw LinuxException.of(Errno.EACCES);
      }
      return ChannelStorage.borrowed(channel);
    }

    @Override
    public boolean isExclusive() {
      return false;
    }

    @Override
    public boolean isReadOnly() {
      return true;
    }

    @Override
    public boolean isRemoved() {
      return true;
    }

    @Override
    public long byteSize() {
      return call(channel::size);
    }

    @Override
    public void changed() {}
  }

  private static final class Description extends FileDescription {

    private final FileChannel channel;
    private final CachedContents contents;

    Description(OpenRequest request, OpenFile file) {
      super(request);
      this.channel = file.channel;
      this.contents = file.contents;
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

    /** Maps the file, shared for reading only: what is written goes to the host by write(2). */
    @Override
    public MapOptions configureMap(MapOptions options) {
      MapOptions.Builder configured =
          options.toBuilder().mappable(contents, this, options.offset());
      if (!options.isPrivate()) {
        if (options.access().contains(AccessType.WRITE)) {
          throw LinuxException.of(Errno.ENODEV);
        }
        configured.maxAccess(options.maxAccess().intersect(AccessType.READ_EXECUTE));
      }
      contents.open(false);
      incRef();
      return configured.build();
    }
  }
}
