/** Memory that several address spaces share and that is no file. */
@NullMarked
package org.usermem.mm.shared;

import org.jspecify.annotations.NullMarked;
