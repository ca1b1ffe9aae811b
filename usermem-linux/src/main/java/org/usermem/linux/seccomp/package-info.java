/** Filters of system calls: seccomp(2) and the classic BPF programs that it runs. */
@NullMarked
package org.usermem.linux.seccomp;

import org.jspecify.annotations.NullMarked;
