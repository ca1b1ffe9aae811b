package org.usermem.sentry.guard;

import org.usermem.fs.ExtendedAttributes;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.SpecialFile;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.BasicAttributes;
import org.usermem.fs.attribute.FileAttributes;

/** A device, FIFO or socket of a plug-in. */
final class GuardedSpecialFile extends SpecialFile {

  private final GuardedFileSystem fileSystem;
  private final InodeCalls<SpecialFile> calls;

  GuardedSpecialFile(GuardedFileSystem fileSystem, InodeCalls<SpecialFile> calls) {
    super(fileSystem, calls.number(), calls.target().call(SpecialFile::specialDevice));
    this.fileSystem = fileSystem;
    this.calls = calls;
  }

  @Override
  public FileDescription open(OpenRequest request) {
    FileDescription inner = calls.target().call(f -> f.open(request));
    return new GuardedDescription(request, fileSystem.target(inner), fileSystem.guard());
  }

  InodeCalls<SpecialFile> calls() {
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
