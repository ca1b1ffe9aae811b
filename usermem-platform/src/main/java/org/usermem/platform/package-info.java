/** The platform SPI: address spaces and contexts that run guest code. */
@NullMarked
@Version("0.1.0")
package org.usermem.platform;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
