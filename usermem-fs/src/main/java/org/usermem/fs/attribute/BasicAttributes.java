package org.usermem.fs.attribute;

/**
 * What is asked of an inode again and again, in every path lookup: it must be cheap.
 *
 * <p>Each method tells what holds now; two calls need not tell of the same moment. Safe for use by
 * several threads.
 */
public interface BasicAttributes {

  /** Returns type and permissions. */
  int mode();

  /** Returns the owner. */
  int userId();

  /** Returns the group. */
  int groupId();

  /** Returns the number of hard links; 0 once the last name was removed. */
  int linkCount();
}
