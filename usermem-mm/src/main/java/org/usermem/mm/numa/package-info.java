/** Memory policies, which programs set and read and which have no effect here. */
@NullMarked
@Version("0.1.0")
package org.usermem.mm.numa;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
