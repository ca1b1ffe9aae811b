/**
 * Bundles whose classes come from modules: a connector for OSGi Connect (OSGi Core 8, chapter 60).
 * The framework sees a bundle's headers, entries and life cycle; loading classes, and who may load
 * which, is the module system's.
 */
@NullMarked
package org.usermem.sentry.connect;

import org.jspecify.annotations.NullMarked;
