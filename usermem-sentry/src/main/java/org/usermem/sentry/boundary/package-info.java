/**
 * The layer policy in the OSGi framework: which bundle may be wired to which, and what each sees of
 * bundles and services. Every decision is by the location that a bundle was installed from.
 */
@NullMarked
package org.usermem.sentry.boundary;

import org.jspecify.annotations.NullMarked;
