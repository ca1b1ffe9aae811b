package org.usermem.sentry.guard;

import org.jspecify.annotations.Nullable;
import org.usermem.fs.Directory;
import org.usermem.fs.DirectoryVisitor;
import org.usermem.fs.ExtendedAttributes;
import org.usermem.fs.Inode;
import org.usermem.fs.NewFile;
import org.usermem.fs.RegularFile;
import org.usermem.fs.SpecialFile;
import org.usermem.fs.SymbolicLink;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.BasicAttributes;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.attribute.FileType;

/** A directory of a plug-in. */
final class GuardedDirectory extends Directory {

  private final GuardedFileSystem fileSystem;
  private final InodeCalls<Directory> calls;

  GuardedDirectory(GuardedFileSystem fileSystem, InodeCalls<Directory> calls) {
    super(fileSystem, calls.number());
    this.fileSystem = fileSystem;
    this.calls = calls;
  }

  @Override
  public @Nullable Inode lookup(String name) {
    return fileSystem.wrapIfAny(calls.target().<@Nullable Inode>call(d -> d.lookup(name)));
  }

  @Override
  public boolean isCurrent(String name, @Nullable Inode cached) {
    return calls.target().call(d -> d.isCurrent(name, fileSystem.unwrapIfAny(cached)));
  }

  @Override
  public void list(long offset, DirectoryVisitor visitor) {
    calls.target().run(d -> d.list(offset, visitor));
  }

  @Override
  public RegularFile createFile(String name, NewFile attributes) {
    return fileSystem.wrap(
        RegularFile.class, calls.target().call(d -> d.createFile(name, attributes)));
  }

  @Override
  public Directory createDirectory(String name, NewFile attributes) {
    return fileSystem.wrap(
        Directory.class, calls.target().call(d -> d.createDirectory(name, attributes)));
  }

  @Override
  public SymbolicLink createSymbolicLink(String name, String target, NewFile attributes) {
    return fileSystem.wrap(
        SymbolicLink.class,
        calls.target().call(d -> d.createSymbolicLink(name, target, attributes)));
  }

  @Override
  public SpecialFile createSpecial(
      String name, FileType type, long specialDevice, NewFile attributes) {
    return fileSystem.wrap(
        SpecialFile.class,
        calls.target().call(d -> d.createSpecial(name, type, specialDevice, attributes)));
  }

  @Override
  public RegularFile createTemporary(NewFile attributes) {
    return fileSystem.wrap(
        RegularFile.class, calls.target().call(d -> d.createTemporary(attributes)));
  }

  @Override
  public void link(String name, Inode existing) {
    calls.target().run(d -> d.link(name, fileSystem.unwrap(existing)));
  }

  @Override
  public void unlink(String name, Inode child) {
    calls.target().run(d -> d.unlink(name, fileSystem.unwrap(child)));
  }

  @Override
  public void removeDirectory(String name, Directory child) {
    calls.target().run(d -> d.removeDirectory(name, (Directory) fileSystem.unwrap(child)));
  }

  @Override
  public void rename(
      String name,
      Inode child,
      Directory target,
      String newName,
      @Nullable Inode replaced,
      int flags) {
    calls
        .target()
        .run(
            d ->
                d.rename(
                    name,
                    fileSystem.unwrap(child),
                    (Directory) fileSystem.unwrap(target),
                    newName,
                    fileSystem.unwrapIfAny(replaced),
                    flags));
  }

  InodeCalls<Directory> calls() {
    return calls;
  }

  @Override
  public BasicAttributes basicAttributes() {
    return calls;
  }

  @Override
  public FileAttributes attributes() {
    return calls.attributes();
  }

  @Override
  public void setAttributes(AttributeChange change) {
    calls.setAttributes(change);
  }

  @Override
  public void checkAccess(Credentials credentials, int wanted) {
    calls.checkAccess(credentials, wanted);
  }

  @Override
  public ExtendedAttributes extendedAttributes() {
    return calls.extendedAttributes();
  }

  @Override
  protected void idle() {
    calls.idle();
  }

  @Override
  protected void dispose() {
    calls.dispose();
  }
}
