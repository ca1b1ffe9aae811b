/** The namespaces that tasks may have of their own, beside those of the kernel. */
@NullMarked
package org.usermem.linux.namespace;

import org.jspecify.annotations.NullMarked;
