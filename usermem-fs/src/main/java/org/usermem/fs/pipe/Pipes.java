package org.usermem.fs.pipe;

import org.usermem.fs.AnonymousFiles;
import org.usermem.fs.AnonymousInode;
import org.usermem.fs.Location;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.attribute.FileType;

/** Makes pipes, as pipe2(2). */
public final class Pipes {

  /**
   * The two ends of a pipe, each with one reference, which is the caller's.
   *
   * @param reader the end to read from
   * @param writer the end to write to
   */
  public record Ends(PipeDescription reader, PipeDescription writer) {}

  private Pipes() {}

  /**
   * Makes a pipe.
   *
   * @param files where its inode lives
   * @param flags O_NONBLOCK and O_DIRECT of {@link OpenFlags}
   * @param credentials who makes it
   */
  public static Ends create(AnonymousFiles files, int flags, Credentials credentials) {
    int kept = flags & (OpenFlags.NON_BLOCKING | OpenFlags.DIRECT);
    long number = files.newInodeNumber();
    PipeBuffer buffer = new PipeBuffer(files.fileSystem().context().memoryFile());
    Location place =
        files.place(new PipeInode(files, number, buffer, credentials), "pipe:[" + number + "]");
    PipeDescription reader =
        new PipeDescription(
            buffer, null, new OpenRequest(place, kept | OpenFlags.READ_ONLY, credentials));
    PipeDescription writer =
        new PipeDescription(
            buffer, null, new OpenRequest(place, kept | OpenFlags.WRITE_ONLY, credentials));
    return new Ends(reader, writer);
  }

  /** The inode of a pipe, which can be opened again through /proc/PID/fd. */
  private static final class PipeInode extends AnonymousInode {

    private final PipeBuffer buffer;

    PipeInode(AnonymousFiles files, long number, PipeBuffer buffer, Credentials credentials) {
      super(
          files.fileSystem(),
          number,
          FileType.FIFO.modeBits() | 0600,
          credentials.userId(),
          credentials.groupId());
      this.buffer = buffer;
    }

    @Override
    public PipeDescription open(OpenRequest request) {
      return new PipeDescription(buffer, null, request);
    }
  }
}
