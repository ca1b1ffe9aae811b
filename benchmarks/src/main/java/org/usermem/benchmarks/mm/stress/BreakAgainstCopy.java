package org.usermem.benchmarks.mm.stress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.usermem.io.IOOpts;
import org.usermem.mm.MemoryManager;

/**
 * A copy in the parent against a break in the parent, after which the child may be the sole owner
 * and write in place: the parent sees its own writes or what was before, never the child's.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "What was before the fork.")
@Outcome(id = "3", expect = Expect.ACCEPTABLE, desc = "The parent's own write.")
@Outcome(id = "2", expect = Expect.FORBIDDEN, desc = "The child's write.")
@State
public class BreakAgainstCopy {

  private final MemoryManager parent = SharedProgram.newMemory();
  private final long addr = SharedProgram.mapFilled(parent, (byte) 1);
  private final MemoryManager child = parent.fork();

  /** Copies in the parent. */
  @Actor
  public void reader(I_Result result) {
    MemorySegment bytes = MemorySegment.ofArray(new byte[1]);
    parent.copyIn(addr, bytes, IOOpts.DEFAULT);
    result.r1 = bytes.get(ValueLayout.JAVA_BYTE, 0);
  }

  /** Breaks in the parent, then writes in the child. */
  @Actor
  public void breaker() {
    parent.copyOut(addr, MemorySegment.ofArray(new byte[] {3}), IOOpts.DEFAULT);
    child.copyOut(addr, MemorySegment.ofArray(new byte[] {2}), IOOpts.DEFAULT);
    child.decUsers();
  }

  /** Gives everything back. */
  @Arbiter
  public void end(I_Result result) {
    parent.decUsers();
  }
}
