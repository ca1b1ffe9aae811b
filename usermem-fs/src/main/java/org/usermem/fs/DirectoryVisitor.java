package org.usermem.fs;

import org.usermem.fs.attribute.FileType;

/** Takes the entries of a directory one by one. */
@FunctionalInterface
public interface DirectoryVisitor {

  /**
   * Takes an entry. Must not call back into the directory.
   *
   * @param name the name, one char (0 to 255) for each byte
   * @param type the type of what it names
   * @param inode its inode number
   * @param nextOffset where a listing goes on after this entry; positive
   * @return whether the entry was taken; after false the listing ends, and the next one starts with
   *     this entry again
   */
  boolean visit(String name, FileType type, long inode, long nextOffset);
}
