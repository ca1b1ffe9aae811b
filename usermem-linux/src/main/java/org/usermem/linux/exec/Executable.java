package org.usermem.linux.exec;

import java.lang.foreign.MemorySegment;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.TransferOptions;
import org.usermem.linux.elf.ElfFile;
import org.usermem.linux.elf.ExecutableBytes;
import org.usermem.linux.elf.Script;
import org.usermem.sequence.Sink;

/** A file that is open to be executed, as bytes. */
final class Executable implements ExecutableBytes {
  private final FileDescription file;

  Executable(FileDescription file) {
    this.file = file;
  }

  @Override
  public long read(long position, MemorySegment destination) {
    long done = 0;
    while (done < destination.byteSize()) {
      Sink rest = Sink.of(destination.asSlice(done));
      long byteCount = file.readAt(rest, position + done, TransferOptions.DEFAULT);
      if (byteCount == 0) {
        break;
      }
      done += byteCount;
    }
    return done;
  }

  /** The first bytes of the file, filled up with zeros. */
  byte[] head() {
    byte[] head = new byte[Script.HEAD_BYTE_COUNT];
    if (read(0, MemorySegment.ofArray(head)) == 0) {
      throw LinuxException.of(Errno.ENOEXEC);
    }
    return head;
  }

  ElfFile parse() {
    return ElfFile.parse(this);
  }

  FileDescription file() {
    return file;
  }
}
