package com.acme.myfs;

import java.nio.charset.StandardCharsets;
import org.usermem.fs.FileSystem;
import org.usermem.fs.RegularFile;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.attribute.InodeAttributes;
import org.usermem.sequence.Sink;

/** A file that says hello. */
final class HelloFile extends RegularFile {

  private static final byte[] CONTENTS = "hello\n".getBytes(StandardCharsets.UTF_8);

  HelloFile(FileSystem fileSystem) {
    super(fileSystem, 2);
  }

  @Override
  public long byteSize() {
    return CONTENTS.length;
  }

  @Override
  public long readAt(Sink dst, long offset) {
    if (offset >= CONTENTS.length) {
      return 0;
    }
    return dst.copyOut(CONTENTS, (int) offset, CONTENTS.length - (int) offset);
  }

  @Override
  public int mode() {
    return FileType.REGULAR.modeBits() | 0444;
  }

  @Override
  public int userId() {
    return 0;
  }

  @Override
  public int groupId() {
    return 0;
  }

  @Override
  public int linkCount() {
    return 1;
  }

  @Override
  public FileAttributes attributes() {
    return new InodeAttributes(mode(), userId(), groupId(), linkCount(), 0)
        .snapshot(fileSystem().deviceId(), number(), 0, byteSize(), 0);
  }
}
