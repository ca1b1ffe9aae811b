/**
 * The same memory calls on three machines: usermem's memory manager, a simple model, and the Linux
 * kernel that the tests run on.
 */
@NullMarked
package org.usermem.mm.machine;

import org.jspecify.annotations.NullMarked;
