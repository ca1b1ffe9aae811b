/**
 * Shows system calls as strace(1) prints them. What each argument is stands in a table, a resource
 * of this package.
 */
@NullMarked
@Version("0.1.0")
package org.usermem.linux.strace;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
