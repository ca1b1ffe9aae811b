/**
 * Socket calls: pairs of connected sockets, and otherwise what a machine without network answers.
 */
@NullMarked
package org.usermem.linux.socket;

import org.jspecify.annotations.NullMarked;
