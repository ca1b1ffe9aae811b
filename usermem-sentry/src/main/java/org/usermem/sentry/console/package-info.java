/**
 * The commands with which somebody looks at a sentry that runs, as words in and text out: the shell
 * sends them, through a socket or in the same JVM.
 */
@NullMarked
package org.usermem.sentry.console;

import org.jspecify.annotations.NullMarked;
