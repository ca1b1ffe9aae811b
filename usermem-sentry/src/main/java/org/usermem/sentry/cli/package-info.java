/** The command line. */
@NullMarked
package org.usermem.sentry.cli;

import org.jspecify.annotations.NullMarked;
