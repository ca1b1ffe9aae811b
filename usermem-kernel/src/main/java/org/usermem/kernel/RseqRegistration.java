package org.usermem.kernel;

/**
 * What a task has told about its restartable sequences (rseq(2)).
 *
 * @param addr address of {@code struct rseq}
 * @param byteCount its length
 * @param signature the word before an abort handler
 */
public record RseqRegistration(long addr, int byteCount, int signature) {}
