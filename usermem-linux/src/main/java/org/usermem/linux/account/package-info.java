/** Process accounting: acct(2) and acct(5). */
@NullMarked
package org.usermem.linux.account;

import org.jspecify.annotations.NullMarked;
