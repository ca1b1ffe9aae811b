/** What /proc shows of an address space: as data, and in Linux's own form. */
@NullMarked
@Version("0.1.0")
package org.usermem.mm.view;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
