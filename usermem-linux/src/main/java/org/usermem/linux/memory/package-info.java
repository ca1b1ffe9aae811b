/** System calls on the address space: mappings, protection, advice, locking, policies; mm/*.c. */
@NullMarked
package org.usermem.linux.memory;

import org.jspecify.annotations.NullMarked;
