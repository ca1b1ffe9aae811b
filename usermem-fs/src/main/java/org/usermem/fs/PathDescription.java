package org.usermem.fs;

/** A description that only stands for a place (O_PATH): nothing can be done with what is there. */
public final class PathDescription extends FileDescription {

  /**
   * Creates a description.
   *
   * @param request what was asked for, with {@link OpenFlags#PATH}
   */
  public PathDescription(OpenRequest request) {
    super(request);
  }
}
