/** Memory mapping as file systems see it: mappables, translations and the memory file. */
@NullMarked
@Version("0.1.0")
package org.usermem.memmap;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
