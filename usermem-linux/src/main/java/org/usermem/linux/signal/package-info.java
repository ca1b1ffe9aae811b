/**
 * Signal handlers of x86-64: the frame on the program's stack with its registers, floating-point
 * state and mask, and the way back. Follows arch/x86/kernel/signal.c, signal_64.c and fpu/signal.c.
 */
@NullMarked
package org.usermem.linux.signal;

import org.jspecify.annotations.NullMarked;
