package org.usermem.mm.view;

/**
 * Resident bytes by kind. The sentry does not know which pages have been written, so private pages
 * count as dirty and those of files as clean.
 *
 * @param anonymous private memory
 * @param file pages of files
 * @param sharedMemory shared memory
 * @param sharedAnonymous the part of {@code anonymous} that another address space has too
 * @param sharedFile the part of {@code file} and {@code sharedMemory} that is mapped elsewhere too
 * @param proportional each page's bytes divided by how many have it, in 1/4096 bytes
 * @param proportionalAnonymous the same of {@code anonymous}
 * @param proportionalFile the same of {@code file}
 */
public record Residency(
    long anonymous,
    long file,
    long sharedMemory,
    long sharedAnonymous,
    long sharedFile,
    long proportional,
    long proportionalAnonymous,
    long proportionalFile) {

  /** Nothing. */
  public static final Residency NONE = new Residency(0, 0, 0, 0, 0, 0, 0, 0);

  /** Returns all resident bytes. */
  public long total() {
    return anonymous + file + sharedMemory;
  }

  /** Returns the sum of two. */
  public Residency plus(Residency other) {
    return new Residency(
        anonymous + other.anonymous,
        file + other.file,
        sharedMemory + other.sharedMemory,
        sharedAnonymous + other.sharedAnonymous,
        sharedFile + other.sharedFile,
        proportional + other.proportional,
        proportionalAnonymous + other.proportionalAnonymous,
        proportionalFile + other.proportionalFile);
  }
}
