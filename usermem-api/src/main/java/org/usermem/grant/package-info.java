/**
 * Rights that only a module itself can give away: its exports, and, where it has native access,
 * native access. The assembly finds the giver of a right as a service and uses it as its policy
 * says.
 */
@NullMarked
@Version("0.1.0")
package org.usermem.grant;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
