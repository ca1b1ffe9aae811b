/**
 * Litmus tests of the guard that copies run under, each beside a broken control that must show the
 * outcome which the real one forbids: a stress test that nothing can fail proves nothing.
 */
@NullMarked
package org.usermem.benchmarks.mm.stress;

import org.jspecify.annotations.NullMarked;
