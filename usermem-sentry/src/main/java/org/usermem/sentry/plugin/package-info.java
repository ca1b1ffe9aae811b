/** Plug-ins of a running sentry, as those see them who use or watch them. */
@NullMarked
@Version("0.1.0")
package org.usermem.sentry.plugin;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
