/**
 * How a copy that uses no lock keeps the pages it is using: epochs for copies, loans for pages that
 * are handed to other code, a quarantine for pages that are waiting for both.
 */
@NullMarked
package org.usermem.mm.epoch;

import org.jspecify.annotations.NullMarked;
