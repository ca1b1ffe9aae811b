package org.usermem.benchmarks.mm.stress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.usermem.io.IOOpts;
import org.usermem.mm.MemoryManager;

/** What a copy writes into the parent after the fork does not appear in the child. */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "The write came after the fork.")
@Outcome(id = "3, 3", expect = Expect.ACCEPTABLE, desc = "The write came before the fork.")
@Outcome(id = "1, 3", expect = Expect.FORBIDDEN, desc = "The child's memory changed by itself.")
@Outcome(id = "3, 1", expect = Expect.FORBIDDEN, desc = "The child's memory changed by itself.")
@State
public class ForkAgainstCopy {

  private final MemoryManager parent = SharedProgram.newMemory();
  private final long addr = SharedProgram.mapFilled(parent, (byte) 1);

  /** Writes in the parent. */
  @Actor
  public void copier() {
    parent.copyOut(addr, MemorySegment.ofArray(new byte[] {3}), IOOpts.DEFAULT);
  }

  /** Forks, and looks twice in the child. */
  @Actor
  public void forker(II_Result result) {
    MemoryManager child = parent.fork();
    result.r1 = read(child);
    result.r2 = read(child);
    child.decUsers();
  }

  private int read(MemoryManager memory) {
    MemorySegment bytes = MemorySegment.ofArray(new byte[1]);
    memory.copyIn(addr, bytes, IOOpts.DEFAULT);
    return bytes.get(ValueLayout.JAVA_BYTE, 0);
  }

  /** Gives everything back. */
  @Arbiter
  public void end(II_Result result) {
    parent.decUsers();
  }
}
