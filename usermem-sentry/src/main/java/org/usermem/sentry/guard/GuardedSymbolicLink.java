package org.usermem.sentry.guard;

import org.jspecify.annotations.Nullable;
import org.usermem.fs.ExtendedAttributes;
import org.usermem.fs.Location;
import org.usermem.fs.SymbolicLink;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.BasicAttributes;
import org.usermem.fs.attribute.FileAttributes;

/** A symbolic link of a plug-in. */
final class GuardedSymbolicLink extends SymbolicLink {

  private final GuardedFileSystem fileSystem;
  private final InodeCalls<SymbolicLink> calls;

  GuardedSymbolicLink(GuardedFileSystem fileSystem, InodeCalls<SymbolicLink> calls) {
    super(fileSystem, calls.number());
    this.fileSystem = fileSystem;
    this.calls = calls;
  }

  @Override
  public String target() {
    return calls.target().call(SymbolicLink::target);
  }

  /** Links that lead elsewhere than their text says are for the sentry's own file systems. */
  @Override
  public @Nullable Location magicTarget(Credentials credentials) {
    return null;
  }

  GuardedFileSystem guardedFileSystem() {
    return fileSystem;
  }

  InodeCalls<SymbolicLink> calls() {
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
