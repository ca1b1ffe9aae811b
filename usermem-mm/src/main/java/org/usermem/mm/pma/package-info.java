/** Which pages of the memory file back what is mapped: the other half of the truth. */
@NullMarked
package org.usermem.mm.pma;

import org.jspecify.annotations.NullMarked;
