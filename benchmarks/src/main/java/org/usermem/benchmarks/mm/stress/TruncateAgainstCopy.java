package org.usermem.benchmarks.mm.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.usermem.mm.UnguardedCopies;

/** A copy of a mapped file against its truncation, after which the page is another file's. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "The old contents.")
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "EFAULT.")
@Outcome(id = "2", expect = Expect.FORBIDDEN, desc = "Another file's contents.")
@State
public class TruncateAgainstCopy {

  private final OnePageFile file = new OnePageFile();
  private final long addr = file.map();

  /** Reads, so that the table knows the page. */
  public TruncateAgainstCopy() {
    SharedProgram.load(SharedProgram.MEMORY, addr);
  }

  /** Copies. */
  @Actor
  public void reader(I_Result result) {
    result.r1 = SharedProgram.load(SharedProgram.MEMORY, addr);
  }

  /** Truncates, and gives the page to another file. */
  @Actor
  public void truncater() {
    file.truncate();
    OnePageFile.reuseAPage();
  }

  /** Gives everything back. */
  @Arbiter
  public void end(I_Result result) {
    SharedProgram.MEMORY.munmap(addr, SharedProgram.PAGE);
  }

  /** The copy has no epoch. */
  @JCStressTest
  @Outcome(id = "2", expect = Expect.ACCEPTABLE_INTERESTING, desc = "What must be forbidden.")
  @Outcome(id = ".*", expect = Expect.ACCEPTABLE)
  @State
  public static class Broken {

    private final OnePageFile file = new OnePageFile();
    private final long addr = file.map();

    /** Reads, so that the table knows the page. */
    public Broken() {
      SharedProgram.load(SharedProgram.MEMORY, addr);
    }

    /** Copies. */
    @Actor
    public void reader(I_Result result) {
      result.r1 = UnguardedCopies.load(SharedProgram.MEMORY, addr);
    }

    /** Truncates, and gives the page to another file. */
    @Actor
    public void truncater() {
      file.truncate();
      OnePageFile.reuseAPage();
    }

    /** Gives everything back. */
    @Arbiter
    public void end(I_Result result) {
      SharedProgram.MEMORY.munmap(addr, SharedProgram.PAGE);
    }
  }
}
