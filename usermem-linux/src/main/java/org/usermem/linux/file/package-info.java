/**
 * System calls on open files: reading, writing, seeking, descriptors, locks, directories, splicing.
 */
@NullMarked
package org.usermem.linux.file;

import org.jspecify.annotations.NullMarked;
