/**
 * What a sentry has as a Linux system beside its tasks: files, entropy, versions, what was not
 * implemented.
 */
@NullMarked
@Version("0.1.0")
package org.usermem.linux.system;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
