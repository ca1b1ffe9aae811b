/** A die: each line that is read is a throw. {@code mknod /dev/d20 c 240 20} makes one of twenty sides. */
@NullMarked
package org.usermem.examples.dice;

import org.jspecify.annotations.NullMarked;
