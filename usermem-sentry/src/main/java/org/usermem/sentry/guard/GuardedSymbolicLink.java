package org.usermem.sentry.guard;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.usermem.fs.ExtendedAttributeMode;
import org.usermem.fs.Location;
import org.usermem.fs.SymbolicLink;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.attribute.AttributeChange;
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
  public int mode() {
    return calls.mode();
  }

  @Override
  public int userId() {
    return calls.userId();
  }

  @Override
  public int groupId() {
    return calls.groupId();
  }

  @Override
  public int linkCount() {
    return calls.linkCount();
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
  public byte[] extendedAttribute(String name) {
    return calls.extendedAttribute(name);
  }

  @Override
  public void setExtendedAttribute(String name, byte[] value, ExtendedAttributeMode mode) {
    calls.setExtendedAttribute(name, value, mode);
  }

  @Override
  public void removeExtendedAttribute(String name) {
    calls.removeExtendedAttribute(name);
  }

  @Override
  public List<String> extendedAttributeNames() {
    return calls.extendedAttributeNames();
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
