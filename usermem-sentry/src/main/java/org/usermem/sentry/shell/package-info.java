/**
 * The interactive shell: Gogo's language on JLine's line editor, over a connection to a console.
 * Its libraries are not in the module graph of a sentry; {@code usermem shell} starts with them.
 */
@NullMarked
package org.usermem.sentry.shell;

import org.jspecify.annotations.NullMarked;
