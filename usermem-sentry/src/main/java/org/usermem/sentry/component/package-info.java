/**
 * The sentry's own components of Declarative Services, described in {@code OSGI-INF}. The component
 * run time makes them by reflection: this package is opened to it, and to nobody else.
 */
@NullMarked
package org.usermem.sentry.component;

import org.jspecify.annotations.NullMarked;
