/** What every platform must do, and the guests that show it. */
@NullMarked
package org.usermem.platform.contract;

import org.jspecify.annotations.NullMarked;
