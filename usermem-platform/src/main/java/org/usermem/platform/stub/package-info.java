/**
 * Stub processes: the host processes that guest code runs in, and the threads of the JVM that trace
 * them.
 *
 * <p>A platform has one pristine <i>master</i> stub; each address space is a copy of it, made by an
 * injected clone. The first thread of every stub process is its <i>leader</i>, which never runs
 * guest code. All leaders are traced by one thread of the JVM, the {@link
 * org.usermem.platform.stub.Warden}, with PTRACE_O_EXITKILL: when the JVM dies, whatever the
 * reason, the host kills every stub process with it. Guest threads are further threads of a stub
 * process, each traced by the Java thread that it belongs to.
 *
 * <p>A stub process has no descriptor but that of the memory file, which is its number 0, and a
 * seccomp filter that lets it make the few calls the platform injects, from the few addresses that
 * it injects them at. The registers of a traced thread can't be reached by the guest, so what is
 * injected, and what comes back, can be trusted.
 *
 * <p>Locks: none is held while another thread is waited for. The warden's queue is a leaf.
 */
@NullMarked
package org.usermem.platform.stub;

import org.jspecify.annotations.NullMarked;
