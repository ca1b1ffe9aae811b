/**
 * ptrace(2): how its requests, and the structures that a tracer gives and takes, become what {@link
 * org.usermem.kernel.Tracing} and {@link org.usermem.kernel.Tracee} do. Follows kernel/ptrace.c,
 * arch/x86/kernel/ptrace.c and arch/x86/kernel/fpu/regset.c.
 */
@NullMarked
package org.usermem.linux.trace;

import org.jspecify.annotations.NullMarked;
