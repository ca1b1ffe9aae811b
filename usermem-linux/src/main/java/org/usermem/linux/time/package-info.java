/** System calls on clocks, timers and sleeping; kernel/time. */
@NullMarked
package org.usermem.linux.time;

import org.jspecify.annotations.NullMarked;
