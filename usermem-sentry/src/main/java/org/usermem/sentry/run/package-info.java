/** A sentry for one program, assembled without plug-ins: what {@code usermem run} starts. */
@NullMarked
package org.usermem.sentry.run;

import org.jspecify.annotations.NullMarked;
