package org.usermem.sentry.guard;

import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.RegularFileDescription;

/**
 * An open regular file of a plug-in that does not describe open files in a way of its own:
 * positions are kept here, bytes come from the guarded file.
 */
final class GuardedRegularDescription extends RegularFileDescription implements Guard.Revocable {

  private final Guard guard;
  private final Target<FileDescription> inner;

  /**
   * Describes an open file.
   *
   * @param file the guarded file
   * @param request what was asked for
   * @param inner the plug-in's own description, which is kept open for as long as this one
   */
  GuardedRegularDescription(
      GuardedRegularFile file, OpenRequest request, Target<FileDescription> inner) {
    super(file, request);
    this.guard = ((GuardedFileSystem) file.fileSystem()).guard();
    this.inner = inner;
    guard.add(this);
  }

  @Override
  protected void onRelease() {
    guard.remove(this);
    revoke();
  }

  @Override
  public void revoke() {
    FileDescription description = inner.take();
    if (description != null) {
      guard.attempt(description::decRef);
    }
  }
}
