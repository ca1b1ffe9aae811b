package org.usermem.linux.pseudo;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.usermem.fs.Directory;
import org.usermem.fs.DirectoryVisitor;
import org.usermem.fs.Inode;
import org.usermem.fs.attribute.BasicAttributes;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.attribute.FileType;

/** A directory whose entries are there from the start. */
public final class StaticDirectory extends Directory {
  private static final PseudoAttributes ATTRIBUTES =
      PseudoAttributes.of(FileType.DIRECTORY, 0555, PseudoOwner.ROOT);

  private final ConcurrentSkipListMap<String, Inode> entries = new ConcurrentSkipListMap<>();

  StaticDirectory(PseudoFileSystem fileSystem, long number) {
    super(fileSystem, number);
  }

  /**
   * Adds an entry.
   *
   * @return this
   */
  public StaticDirectory add(String name, Inode inode) {
    entries.put(name, inode);
    return this;
  }

  @Override
  public @Nullable Inode lookup(String name) {
    return entries.get(name);
  }

  @Override
  public boolean isCurrent(String name, @Nullable Inode cached) {
    return true;
  }

  @Override
  public long endPosition() {
    return 0;
  }

  @Override
  public void list(long offset, DirectoryVisitor visitor) {
    long index = 0;
    for (Map.Entry<String, Inode> each : entries.entrySet()) {
      Inode inode = each.getValue();
      if (index++ >= offset && !visitor.visit(each.getKey(), inode.type(), inode.number(), index)) {
        return;
      }
    }
  }

  @Override
  public BasicAttributes basicAttributes() {
    return ATTRIBUTES;
  }

  @Override
  public FileAttributes attributes() {
    return PseudoAttributes.all(this);
  }
}
