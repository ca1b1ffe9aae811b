/** A die: each read of a line is a throw. {@code mknod /dev/dice c 240 6} makes it with six sides. */
@NullMarked
package org.usermem.examples.dice;

import org.jspecify.annotations.NullMarked;
