/**
 * The web view of a sentry that runs: pages of plain HTML, a state in JSON, and events as they
 * happen. It listens on the loopback interface, and knows who was given its address by a token in
 * it.
 */
@NullMarked
package org.usermem.sentry.view;

import org.jspecify.annotations.NullMarked;
