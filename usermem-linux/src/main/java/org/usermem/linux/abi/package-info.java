/**
 * The structures that programs and the kernel exchange on x86-64 Linux, in the form that they have
 * in a program's memory. Each class writes or reads one structure at the start of a segment;
 * offsets follow the headers under include/uapi.
 */
@NullMarked
package org.usermem.linux.abi;

import org.jspecify.annotations.NullMarked;
