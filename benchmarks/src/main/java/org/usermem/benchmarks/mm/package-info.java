/**
 * The memory manager: copies, faults, mappings and forks, beside plain copies of the same bytes.
 */
@NullMarked
package org.usermem.benchmarks.mm;

import org.jspecify.annotations.NullMarked;
