/** What is mapped: virtual memory areas, half of the truth about an address space. */
@NullMarked
package org.usermem.mm.vma;

import org.jspecify.annotations.NullMarked;
