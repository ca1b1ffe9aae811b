package org.usermem.benchmarks.mm.stress;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The control of {@link EpochStoreBuffering}: release and acquire in place of the fences. */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "The writer waits for the reader.")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The writer waits for nothing.")
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "The reader came too late.")
@Outcome(
    id = "1, 0",
    expect = Expect.ACCEPTABLE_INTERESTING,
    desc = "What the real one must never show.")
@State
public class BrokenStoreBuffering {

  private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] slot = new long[1];
  private final long[] entry = {1};

  /** Copies. */
  @Actor
  public void reader(II_Result result) {
    ELEMENT.setRelease(slot, 0, 1L);
    result.r1 = (int) (long) ELEMENT.getAcquire(entry, 0);
  }

  /** Takes away. */
  @Actor
  public void writer(II_Result result) {
    ELEMENT.setRelease(entry, 0, 0L);
    result.r2 = (int) (long) ELEMENT.getAcquire(slot, 0);
  }
}
