/** System calls on futexes, and the System V and POSIX kinds of communication between processes. */
@NullMarked
package org.usermem.linux.ipc;

import org.jspecify.annotations.NullMarked;
