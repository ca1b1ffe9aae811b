package com.acme.myfs;

import org.jspecify.annotations.Nullable;
import org.usermem.fs.Directory;
import org.usermem.fs.DirectoryVisitor;
import org.usermem.fs.FileSystem;
import org.usermem.fs.Inode;
import org.usermem.fs.attribute.BasicAttributes;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.attribute.InodeAttributes;

/** The root, with one entry. */
final class MyDirectory extends Directory {

  private static final String NAME = "hello";

  private static final InodeAttributes ATTRIBUTES =
      new InodeAttributes(FileType.DIRECTORY.modeBits() | 0555, 0, 0, 2, 0);

  private final HelloFile hello;

  MyDirectory(FileSystem fileSystem) {
    super(fileSystem, 1);
    this.hello = new HelloFile(fileSystem);
  }

  @Override
  public @Nullable Inode lookup(String name) {
    return name.equals(NAME) ? hello : null;
  }

  @Override
  public boolean isCurrent(String name, @Nullable Inode cached) {
    return true;
  }

  @Override
  public void list(long offset, DirectoryVisitor visitor) {
    if (offset == 0) {
      visitor.visit(NAME, FileType.REGULAR, hello.number(), 1);
    }
  }

  @Override
  public BasicAttributes basicAttributes() {
    return ATTRIBUTES;
  }

  @Override
  public FileAttributes attributes() {
    return ATTRIBUTES.snapshot(fileSystem().deviceId(), number(), 0, 4096, 0);
  }
}
