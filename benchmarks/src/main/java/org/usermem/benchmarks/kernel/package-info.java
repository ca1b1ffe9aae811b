/** What operations of the kernel cost that touch a program's memory. */
@NullMarked
package org.usermem.benchmarks.kernel;

import org.jspecify.annotations.NullMarked;
