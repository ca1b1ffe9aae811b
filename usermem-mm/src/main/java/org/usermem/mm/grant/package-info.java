/** What this module lets the assembly give to others. */
@NullMarked
package org.usermem.mm.grant;

import org.jspecify.annotations.NullMarked;
