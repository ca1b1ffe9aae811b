package org.usermem.benchmarks.mm.stress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.usermem.errno.LinuxException;
import org.usermem.io.IOOpts;

/** The whole memory manager: a copy against munmap, after which the page is another mapping's. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "The old contents.")
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "EFAULT.")
@Outcome(id = "2", expect = Expect.FORBIDDEN, desc = "Another mapping's contents.")
@State
public class UnmapAgainstCopy {

  private static final int BYTES = 64;

  private final long addr;

  /** Maps a page of ones. */
  public UnmapAgainstCopy() {
    addr = SharedProgram.mapFilled((byte) 1);
  }

  /** Copies. */
  @Actor
  public void reader(I_Result result) {
    MemorySegment bytes = MemorySegment.ofArray(new byte[BYTES]);
    try {
      SharedProgram.MEMORY.copyIn(addr, bytes, IOOpts.DEFAULT);
      result.r1 = bytes.get(ValueLayout.JAVA_BYTE, BYTES - 1);
    } catch (LinuxException e) {
      result.r1 = 0;
    }
  }

  /** Unmaps, and gives the page to another mapping. */
  @Actor
  public void unmapper() {
    SharedProgram.MEMORY.munmap(addr, SharedProgram.PAGE);
    long other = SharedProgram.mapFilledApart((byte) 2);
    SharedProgram.MEMORY.munmap(other, SharedProgram.PAGE);
  }
}
