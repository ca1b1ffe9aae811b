/**
 * The line format that policies and assembly files share.
 *
 * <p>A file is a list of statements, one a line: a keyword and words. A line that begins in column
 * one opens a block, the indented lines below belong to it. A {@code #} at the start of a line or
 * after white space begins a comment. A word that holds white space stands in double quotes, inside
 * which {@code \"} and {@code \\} are escapes.
 */
@NullMarked
@Version("0.1.0")
package org.usermem.sentry.text;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
