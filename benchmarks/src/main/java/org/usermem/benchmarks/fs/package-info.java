/** What files and paths cost, with a program's memory at the other end. */
@NullMarked
package org.usermem.benchmarks.fs;

import org.jspecify.annotations.NullMarked;
