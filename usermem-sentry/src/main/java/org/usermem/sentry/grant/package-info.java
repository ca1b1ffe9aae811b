/** Carries out, and records, what the policy grants to the modules of plug-ins at run time. */
@NullMarked
@Version("0.1.0")
package org.usermem.sentry.grant;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
