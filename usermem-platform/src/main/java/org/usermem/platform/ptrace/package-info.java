/** The platform that traces guest threads with ptrace(2). */
@NullMarked
package org.usermem.platform.ptrace;

import org.jspecify.annotations.NullMarked;
