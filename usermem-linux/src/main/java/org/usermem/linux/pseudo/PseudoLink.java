package org.usermem.linux.pseudo;

import java.util.function.Supplier;
import org.usermem.fs.SymbolicLink;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.attribute.FileType;

/** A symbolic link whose text is made when it is read. */
public class PseudoLink extends SymbolicLink {
  private final PseudoOwner owner;
  private final Supplier<String> target;

  /** Makes a link. */
  public PseudoLink(
      PseudoFileSystem fileSystem, long number, PseudoOwner owner, Supplier<String> target) {
    super(fileSystem, number);
    this.owner = owner;
    this.target = target;
  }

  @Override
  public String target() {
    return target.get();
  }

  @Override
  public int mode() {
    return FileType.SYMBOLIC_LINK.modeBits() | 0777;
  }

  @Override
  public final int userId() {
    return owner.userId();
  }

  @Override
  public final int groupId() {
    return owner.groupId();
  }

  @Override
  public final int linkCount() {
    return 1;
  }

  @Override
  public final FileAttributes attributes() {
    return PseudoAttributes.of(fileSystem(), number(), mode(), owner);
  }
}
