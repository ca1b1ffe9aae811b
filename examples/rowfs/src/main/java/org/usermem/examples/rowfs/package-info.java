/**
 * A file system whose files are the rows of a table: {@code mount -t rowfs /host/notes.db /mnt}. A
 * file that a program writes is a row that any SQLite client reads, and the other way round.
 * Directories and symbolic links are rows too; a row has one name, so that there are no hard links.
 */
@NullMarked
package org.usermem.examples.rowfs;

import org.jspecify.annotations.NullMarked;
