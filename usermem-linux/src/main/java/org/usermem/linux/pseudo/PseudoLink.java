package org.usermem.linux.pseudo;

import java.util.function.Supplier;
import org.usermem.fs.SymbolicLink;
import org.usermem.fs.attribute.BasicAttributes;
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

  /** Returns the permissions that stat shows, which nobody checks. */
  protected int permissionsShown() {
    return 0777;
  }

  @Override
  public final BasicAttributes basicAttributes() {
    return PseudoAttributes.of(FileType.SYMBOLIC_LINK, permissionsShown(), owner);
  }

  @Override
  public final FileAttributes attributes() {
    return PseudoAttributes.all(this);
  }
}
