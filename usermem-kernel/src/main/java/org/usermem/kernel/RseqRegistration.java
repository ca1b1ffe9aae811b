package org.usermem.kernel;

/**
 * What a task has told about its restartable sequences (rseq(2)), and the processor that it is told
 * in return. A processor number belongs to one task of an address space at a time, so that what
 * programs keep for each processor is never used by two tasks at once, wherever the host runs them.
 *
 * @param addr address of {@code struct rseq}
 * @param byteCount its length
 * @param signature the word before an abort handler
 * @param processor the number; {@link #NO_PROCESSOR} if other tasks have all that the task may run
 *     on
 */
public record RseqRegistration(long addr, int byteCount, int signature, int processor) {
  /** Tells the program to do without (RSEQ_CPU_ID_UNINITIALIZED). */
  public static final int NO_PROCESSOR = -1;
}
