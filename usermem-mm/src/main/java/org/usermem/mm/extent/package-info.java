/**
 * Ordered, disjoint ranges of addresses: the shape that the truth about an address space has.
 *
 * <p>Not thread-safe; whoever owns a tree guards it.
 */
@NullMarked
package org.usermem.mm.extent;

import org.jspecify.annotations.NullMarked;
