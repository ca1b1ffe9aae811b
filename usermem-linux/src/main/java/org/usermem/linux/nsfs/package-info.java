/** Namespaces as files: fs/nsfs.c. */
@NullMarked
package org.usermem.linux.nsfs;

import org.jspecify.annotations.NullMarked;
