/** System calls about the system as a whole, and those that belong nowhere else. */
@NullMarked
package org.usermem.linux.misc;

import org.jspecify.annotations.NullMarked;
