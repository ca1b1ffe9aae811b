package org.usermem.linux.pseudo;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.usermem.fs.Directory;
import org.usermem.fs.FileSystem;
import org.usermem.fs.FileSystemContext;
import org.usermem.fs.Inode;
import org.usermem.fs.attribute.FileSystemAttributes;

/** A file system of pseudo files. */
public abstract class PseudoFileSystem extends FileSystem {
  private final long magic;
  private final AtomicLong nextNumber = new AtomicLong(1);

  /**
   * Makes a file system.
   *
   * @param magic what statfs(2) says of its type
   */
  protected PseudoFileSystem(FileSystemContext context, String typeName, long magic) {
    super(context, typeName);
    this.magic = magic;
  }

  /** Returns a number for an inode that lasts. */
  public long newNumber() {
    return nextNumber.getAndIncrement();
  }

  @Override
  public FileSystemAttributes attributes() {
    return FileSystemAttributes.withoutStorage(magic);
  }

  @Override
  public boolean changesByItself() {
    return true;
  }

  /** Returns a file that anybody may read. */
  public TextFile text(Supplier<String> text) {
    return new TextFile(this, newNumber(), 0444, PseudoOwner.ROOT, text, null);
  }

  /** Returns a file that anybody may read, and whose content never changes. */
  public TextFile text(String text) {
    return text(() -> text);
  }

  /** Returns a directory. */
  public StaticDirectory directory(Object... namesAndInodes) {
    StaticDirectory directory = new StaticDirectory(this, newNumber());
    for (int i = 0; i < namesAndInodes.length; i += 2) {
      directory.add((String) namesAndInodes[i], (Inode) namesAndInodes[i + 1]);
    }
    return directory;
  }

  @Override
  public abstract Directory root();
}
