/** Attaches an assembly with its plug-ins to the file systems of a sentry that runs a guest. */
@NullMarked
package org.usermem.sentry.attach;

import org.jspecify.annotations.NullMarked;
