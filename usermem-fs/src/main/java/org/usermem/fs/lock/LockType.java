package org.usermem.fs.lock;

/** What a lock allows to others. */
public enum LockType {
  /** Others may hold read locks too (F_RDLCK, LOCK_SH). */
  READ,
  /** Nobody else may hold a lock (F_WRLCK, LOCK_EX). */
  WRITE
}
