/**
 * Recordings of the flight recorder: what guests do, written to a file or looked at while they run.
 * Nothing here is loaded by a sentry that is not asked for one.
 */
@NullMarked
package org.usermem.sentry.record;

import org.jspecify.annotations.NullMarked;
