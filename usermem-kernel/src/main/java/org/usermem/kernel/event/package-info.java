/** What tasks tell the flight recorder; as the events of the address space, see there. */
@NullMarked
package org.usermem.kernel.event;

import org.jspecify.annotations.NullMarked;
