/** What this module lets the assembly give to others. */
@NullMarked
package org.usermem.platform.grant;

import org.jspecify.annotations.NullMarked;
