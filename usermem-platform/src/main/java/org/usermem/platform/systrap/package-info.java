/**
 * The fast platform: guest threads are not traced, but stop themselves.
 *
 * <p>A seccomp filter turns each system call of a guest into SIGSYS, and exceptions are signals
 * anyway. The handler in the stub's code runs on an alternate stack that is part of the memory
 * file: the kernel has put the guest's state into a frame there, where the sentry reads and changes
 * it. A word next to it says whose turn it is; each side sleeps on it while it is the other's. Both
 * are on one processor as long as that is wise: see {@link org.usermem.platform.stub.Placement}.
 *
 * <h2>What the guest can reach</h2>
 *
 * <p>The control page, the frames and the handler's code are in the guest's address space. So:
 *
 * <ul>
 *   <li>Every value from there is read once, and is taken for what a guest may set anyway: the
 *       registers of its own thread. No address or length of the host's is made of one. Where the
 *       frame lies is known from the start, not read from the page.
 *   <li>What the handler may ask of the host is bounded by a seccomp filter, by instruction and
 *       arguments: waiting and waking, returning to the guest, ending its own thread. A guest that
 *       jumps there gains no more than it has.
 *   <li>What changes the address space is never asked of a guest thread, nor is what came of it
 *       read from memory: it is injected into a traced thread, whose registers the guest can't
 *       reach.
 *   <li>A thread that doesn't stop when it is told to, or doesn't end, costs its process its life.
 *   <li>A thread whose context is closed, and one to inject into that nobody needs, are kept for
 *       the next of the same process, never for another process: what is made in advance has not
 *       run guest code.
 * </ul>
 *
 * <p>What is left to a hostile guest is to run a thread while the sentry takes it for stopped,
 * which is what any second thread of its process can do.
 */
@NullMarked
package org.usermem.platform.systrap;

import org.jspecify.annotations.NullMarked;
