package org.usermem.mm.view;

/**
 * Sizes of an address space in bytes.
 *
 * @param virtual all areas
 * @param virtualPeak the most that was ever
 * @param locked locked areas
 * @param residentAnonymous resident private memory
 * @param residentFile resident pages of files
 * @param residentSharedMemory resident shared memory
 * @param residentPeak the most that was ever resident
 * @param data private writable areas that are no stack
 * @param stack areas that grow down
 * @param code the program's own code, as {@code ProgramImage} says
 * @param executable areas with code that can't be written
 * @param pageTables what page tables would take
 */
public record MemoryTotals(
    long virtual,
    long virtualPeak,
    long locked,
    long residentAnonymous,
    long residentFile,
    long residentSharedMemory,
    long residentPeak,
    long data,
    long stack,
    long code,
    long executable,
    long pageTables) {

  /** Returns all resident bytes. */
  public long resident() {
    return residentAnonymous + residentFile + residentSharedMemory;
  }

  /** Returns the code of libraries. */
  public long libraries() {
    return Math.max(executable - code, 0);
  }
}
