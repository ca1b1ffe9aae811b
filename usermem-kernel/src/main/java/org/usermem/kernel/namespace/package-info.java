/** What tasks see of a system, where not all see the same (namespaces(7)). */
@NullMarked
@Version("0.1.0")
package org.usermem.kernel.namespace;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
