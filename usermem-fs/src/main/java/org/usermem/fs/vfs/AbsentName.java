package org.usermem.fs.vfs;

/** The fact that a directory has no entry of some name (a negative dentry of Linux). */
final class AbsentName extends CacheEntry {

  private final CachedDentry directory;
  private final String name;

  AbsentName(CachedDentry directory, String name) {
    this.directory = directory;
    this.name = name;
  }

  @Override
  CachedDentry directory() {
    return directory;
  }

  @Override
  String entryName() {
    return name;
  }
}
