package com.acme.myfs;

import java.nio.charset.StandardCharsets;
import org.usermem.fs.FileSystem;
import org.usermem.fs.RegularFile;
import org.usermem.fs.attribute.BasicAttributes;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.attribute.InodeAttributes;
import org.usermem.sequence.Sink;

/** A file that says hello. */
final class HelloFile extends RegularFile {

  private static final byte[] CONTENTS = "hello\n".getBytes(StandardCharsets.UTF_8);

  private static final InodeAttributes ATTRIBUTES =
      new InodeAttributes(FileType.REGULAR.modeBits() | 0444, 0, 0, 1, 0);

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
  public BasicAttributes basicAttributes() {
    return ATTRIBUTES;
  }

  @Override
  public FileAttributes attributes() {
    return ATTRIBUTES.snapshot(fileSystem().deviceId(), number(), 0, byteSize(), 0);
  }
}
