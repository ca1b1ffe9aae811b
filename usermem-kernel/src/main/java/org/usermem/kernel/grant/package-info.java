/** What this module lets the assembly give to others. */
@NullMarked
package org.usermem.kernel.grant;

import org.jspecify.annotations.NullMarked;
