package org.usermem.benchmarks.mm;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.Arrays;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import org.usermem.io.IOOpts;

/**
 * What a recording costs a copy. Copies with and without one are timed in turn in one JVM, in many
 * short runs of which the quickest counts: those are the ones that the machine left alone.
 */
public final class RecordingCost {

  private static final int[] SIZES = {8, 512, 4096, 65536};
  private static final long REGION = 4 << 20;
  private static final int RUNS = 40;

  /** Several times as many as an event stands for. */
  private static final int COPIES_IN_A_RUN = 8192;

  private static final int WARM_UP_ROUNDS = 20;
  private static final int ROUNDS = 60;

  private final Configuration settings;
  private final Program program;
  private final MemorySegment buffer;
  private final long addr;

  private RecordingCost(Configuration settings, Program program, int bytes) {
    this.settings = settings;
    this.program = program;
    this.buffer = Program.buffer(bytes);
    this.addr = program.mapTouched(REGION) + 64;
  }

  /**
   * Compares.
   *
   * @param args the file with the settings of the recording
   */
  public static void main(String[] args) throws IOException, ParseException {
    Configuration settings = Configuration.create(Path.of(args[0]));
    System.out.println("  bytes  ns/copy  ns/copy recorded  ratio: quartile median quartile");
    for (int bytes : SIZES) {
      try (Program program = new Program()) {
        new RecordingCost(settings, program, bytes).compare();
      }
    }
  }

  private void compare() {
    for (int i = 0; i < WARM_UP_ROUNDS; i++) {
      round(new double[2]);
    }
    double[] ratios = new double[ROUNDS];
    double[] without = new double[ROUNDS];
    double[] recorded = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      double[] times = new double[2];
      round(times);
      without[i] = times[0];
      recorded[i] = times[1];
      ratios[i] = times[1] / times[0];
    }
    for (double[] each : new double[][] {ratios, without, recorded}) {
      Arrays.sort(each);
    }
    System.out.printf(
        "%7d %8.2f %17.2f         %.3f  %.3f  %.3f%n",
        buffer.byteSize(),
        without[ROUNDS / 2],
        recorded[ROUNDS / 2],
        ratios[ROUNDS / 4],
        ratios[ROUNDS / 2],
        ratios[3 * ROUNDS / 4]);
  }

  /** Without, with, with, without: a drift over the round falls on both. */
  private void round(double[] times) {
    double first = lowest(RUNS);
    try (Recording recording = new Recording(settings)) {
      recording.start();
      times[1] = lowest(2 * RUNS);
    }
    times[0] = Math.min(first, lowest(RUNS));
  }

  /** Returns the time of a copy, in nanoseconds, in the quickest of some runs of copies. */
  private double lowest(int runs) {
    double lowest = Double.MAX_VALUE;
    for (int i = 0; i < runs; i++) {
      long begin = System.nanoTime();
      for (int copy = 0; copy < COPIES_IN_A_RUN; copy++) {
        program.memory.copyIn(addr, buffer, IOOpts.DEFAULT);
      }
      lowest = Math.min(lowest, (double) (System.nanoTime() - begin) / COPIES_IN_A_RUN);
    }
    return lowest;
  }
}
