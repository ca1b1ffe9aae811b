/** The cache of what pages mean, read without locks. */
@NullMarked
package org.usermem.mm.table;

import org.jspecify.annotations.NullMarked;
