/** Benchmarks of usermem-api: what addresses, blocks and sequences cost over a plain copy. */
@NullMarked
package org.usermem.benchmarks.api;

import org.jspecify.annotations.NullMarked;
