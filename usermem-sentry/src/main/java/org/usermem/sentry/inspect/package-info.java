/** Looks at a sentry that runs: its processes, address spaces, mounts and system calls. */
@NullMarked
package org.usermem.sentry.inspect;

import org.jspecify.annotations.NullMarked;
