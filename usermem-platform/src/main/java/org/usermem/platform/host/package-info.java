/**
 * The calls to the host's C library: every downcall of the project goes through {@link
 * org.usermem.platform.host.HostCalls}.
 */
@NullMarked
package org.usermem.platform.host;

import org.jspecify.annotations.NullMarked;
