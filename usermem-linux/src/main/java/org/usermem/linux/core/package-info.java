/** Core dumps, core(5): what is left of a program that ends by a signal of that kind. */
@NullMarked
package org.usermem.linux.core;

import org.jspecify.annotations.NullMarked;
