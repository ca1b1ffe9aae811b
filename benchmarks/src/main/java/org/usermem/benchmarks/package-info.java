/** JMH benchmarks and jcstress tests of the modules. */
@NullMarked
package org.usermem.benchmarks;

import org.jspecify.annotations.NullMarked;
