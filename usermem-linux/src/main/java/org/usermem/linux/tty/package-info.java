/**
 * Terminals: the line discipline of Linux (drivers/tty/n_tty.c), pseudoterminals, and the
 * controlling terminal of a session with its job control.
 */
@NullMarked
@Version("0.1.0")
package org.usermem.linux.tty;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
