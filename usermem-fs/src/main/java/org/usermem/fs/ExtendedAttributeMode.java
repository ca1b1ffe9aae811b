package org.usermem.fs;

/** How setxattr(2) treats an attribute that exists, or that does not. */
public enum ExtendedAttributeMode {
  /** Make it or replace it. */
  SET,
  /** Fail with EEXIST if it exists (XATTR_CREATE). */
  CREATE,
  /** Fail with ENODATA if it does not exist (XATTR_REPLACE). */
  REPLACE
}
