package com.acme.myfs;

import org.jspecify.annotations.Nullable;
import org.usermem.fs.Directory;
import org.usermem.fs.DirectoryVisitor;
import org.usermem.fs.FileSystem;
import org.usermem.fs.Inode;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.attribute.InodeAttributes;

/** The root, with one entry. */
final class MyDirectory extends Directory {

  private static final String NAME = "hello";

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
  public int mode() {
    return FileType.DIRECTORY.modeBits() | 0555;
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
    return 2;
  }

  @Override
  public FileAttributes attributes() {
    return new InodeAttributes(mode(), userId(), groupId(), linkCount(), 0)
        .snapshot(fileSystem().deviceId(), number(), 0, 4096, 0);
  }
}
