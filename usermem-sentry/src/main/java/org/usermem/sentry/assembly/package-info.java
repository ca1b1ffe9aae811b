/**
 * A sentry assembled out of bundles: the OSGi framework, Declarative Services, the modules that
 * came with the sentry, and its plug-ins, described by an assembly file.
 *
 * <p>Nothing here is loaded by a sentry without plug-ins.
 */
@NullMarked
@Version("0.1.0")
package org.usermem.sentry.assembly;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
