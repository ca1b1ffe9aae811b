/**
 * The socket through which somebody looks at a sentry that runs: a file that only its owner may
 * connect to, requests of words, answers of lines.
 */
@NullMarked
package org.usermem.sentry.control;

import org.jspecify.annotations.NullMarked;
