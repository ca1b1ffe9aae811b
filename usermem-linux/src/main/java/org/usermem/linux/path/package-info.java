/**
 * System calls that take paths, and those on what is common to all files: attributes, mounts,
 * directories.
 */
@NullMarked
package org.usermem.linux.path;

import org.jspecify.annotations.NullMarked;
