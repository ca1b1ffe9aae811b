package org.usermem.mm;

/** Numbers that writer and reader of snapshots share. */
final class SnapshotFormat {

  static final int MAGIC = 0x554d4153;
  static final int VERSION = 1;

  /** Kinds of what an area maps. */
  static final int NOTHING = 0;

  static final int SHARED_MEMORY = 1;
  static final int KNOWN_SHARED_MEMORY = 2;
  static final int OTHER = 3;

  /** Bytes of contents that are read before more memory is allocated for them. */
  static final long CHUNK = 1L << 20;

  private SnapshotFormat() {}
}
