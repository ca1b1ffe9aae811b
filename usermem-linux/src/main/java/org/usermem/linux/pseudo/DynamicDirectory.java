package org.usermem.linux.pseudo;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.usermem.fs.Directory;
import org.usermem.fs.DirectoryVisitor;
import org.usermem.fs.Inode;
import org.usermem.fs.attribute.BasicAttributes;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.attribute.FileType;

/** A directory whose entries are found when somebody looks. */
public abstract class DynamicDirectory extends Directory {
  private final int permissions;
  private final PseudoOwner owner;

  /** Makes a directory. */
  protected DynamicDirectory(
      PseudoFileSystem fileSystem, long number, int permissions, PseudoOwner owner) {
    super(fileSystem, number);
    this.permissions = permissions;
    this.owner = owner;
  }

  /**
   * An entry of a listing.
   *
   * @param name its name
   * @param type what it is
   * @param number its inode number
   * @param position where in all listings it stands, positive and rising
   */
  public record Entry(String name, FileType type, long number, long position) {}

  /** Returns entries from a position on, in rising order; not necessarily all at once. */
  protected abstract List<Entry> entries(long position);

  @Override
  public abstract @Nullable Inode lookup(String name);

  @Override
  public abstract boolean isCurrent(String name, @Nullable Inode cached);

  @Override
  public long endPosition() {
    return 0;
  }

  @Override
  public final void list(long offset, DirectoryVisitor visitor) {
    long from = offset;
    List<Entry> found = entries(from);
    while (!found.isEmpty()) {
      for (Entry each : found) {
        if (!visitor.visit(each.name(), each.type(), each.number(), each.position() + 1)) {
          return;
        }
        from = each.position() + 1;
      }
      found = entries(from);
    }
  }

  /** Returns how many directories link here by their "..", where that is known. */
  protected int subdirectoryCount() {
    return 0;
  }

  @Override
  public final BasicAttributes basicAttributes() {
    return PseudoAttributes.ofDirectory(permissions, owner, subdirectoryCount());
  }

  @Override
  public final FileAttributes attributes() {
    return PseudoAttributes.all(this);
  }
}
