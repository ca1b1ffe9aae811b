/** What the black-box tests share. */
@NullMarked
package org.usermem.itests;

import org.jspecify.annotations.NullMarked;
