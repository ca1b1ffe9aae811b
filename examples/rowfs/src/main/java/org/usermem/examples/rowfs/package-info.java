/**
 * A file system whose files are the rows of a table: {@code mount -t rowfs /host/notes.db /mnt}. A
 * file that a program writes is a row that any SQLite client reads, and the other way round.
 */
@NullMarked
package org.usermem.examples.rowfs;

import org.jspecify.annotations.NullMarked;
