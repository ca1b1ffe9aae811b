/** The assembled sentry. */
@NullMarked
@Version("0.1.0")
package org.usermem.sentry;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
