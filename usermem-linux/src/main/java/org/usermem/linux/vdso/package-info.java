/** The vdso(7) of programs: functions that read the clocks without a system call. */
@NullMarked
package org.usermem.linux.vdso;

import org.jspecify.annotations.NullMarked;
