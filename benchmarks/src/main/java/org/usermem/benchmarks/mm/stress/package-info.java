/**
 * Litmus tests of the guard that copies run under, one shape a file. Each has a control, {@code
 * Broken}, that leaves the guard out and must show the outcome which the real one forbids: a stress
 * test that nothing can fail proves nothing. {@code LitmusTest} runs and judges them.
 *
 * <p>Two actors each, for jcstress leaves out tests that have more actors than there are
 * processors.
 */
@NullMarked
package org.usermem.benchmarks.mm.stress;

import org.jspecify.annotations.NullMarked;
