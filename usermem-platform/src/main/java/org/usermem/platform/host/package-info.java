/** The calls to the host's C library. */
@NullMarked
package org.usermem.platform.host;

import org.jspecify.annotations.NullMarked;
