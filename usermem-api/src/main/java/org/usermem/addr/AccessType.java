package org.usermem.addr;

/**
 * A set of the ways of accessing memory: read, write, execute.
 *
 * <p>Source: the PROT_ bits of mmap(2); {@code pkg/hostarch/access_type.go} of gVisor.
 *
 * <p>Thread safety: immutable.
 */
public enum AccessType {
  /** No access, PROT_NONE. */
  NONE(0),
  /** Read. */
  READ(1),
  /** Write. */
  WRITE(2),
  /** Read and write. */
  READ_WRITE(3),
  /** Execute. */
  EXECUTE(4),
  /** Read and execute. */
  READ_EXECUTE(5),
  /** Write and execute. */
  WRITE_EXECUTE(6),
  /** Read, write and execute. */
  ANY(7);

  /** The bit of reading, PROT_READ. */
  public static final int READ_BIT = 1;

  /** The bit of writing, PROT_WRITE. */
  public static final int WRITE_BIT = 2;

  /** The bit of executing, PROT_EXEC. */
  public static final int EXECUTE_BIT = 4;

  private static final int ALL_BITS = READ_BIT | WRITE_BIT | EXECUTE_BIT;

  /** The constants are in the order of their bits. */
  private static final AccessType[] BY_BITS = values();

  private final int bits;

  AccessType(int bits) {
    this.bits = bits;
  }

  /**
   * Returns the set with these bits.
   *
   * @param bits PROT_READ, PROT_WRITE and PROT_EXEC in any combination; other bits are an error of
   *     the caller, who takes PROT_GROWSDOWN and the like off first
   * @throws IllegalArgumentException if there is another bit
   */
  public static AccessType of(int bits) {
    if ((bits & ~ALL_BITS) != 0) {
      throw new IllegalArgumentException(
          "access bits 0x" + Integer.toHexString(bits) + " are not within 0x7 (read, write, exec)");
    }
    return BY_BITS[bits];
  }

  /** Returns the PROT_ bits of mmap(2). */
  public int bits() {
    return bits;
  }

  /** Returns whether the set has read. */
  public boolean canRead() {
    return (bits & READ_BIT) != 0;
  }

  /** Returns whether the set has write. */
  public boolean canWrite() {
    return (bits & WRITE_BIT) != 0;
  }

  /** Returns whether the set has execute. */
  public boolean canExecute() {
    return (bits & EXECUTE_BIT) != 0;
  }

  /** Returns whether every access in {@code other} is in this set too. */
  public boolean contains(AccessType other) {
    return (other.bits & ~bits) == 0;
  }

  /** Returns the accesses that are in this set, in the other, or in both. */
  public AccessType union(AccessType other) {
    return BY_BITS[bits | other.bits];
  }

  /** Returns the accesses that are in both sets. */
  public AccessType intersect(AccessType other) {
    return BY_BITS[bits & other.bits];
  }

  /** Returns the accesses of this set that are not in the other. */
  public AccessType without(AccessType other) {
    return BY_BITS[bits & ~other.bits];
  }

  /**
   * Returns what x86 page tables allow where this set is asked for: a page that can be written or
   * executed can be read ({@code protection_map} of Linux).
   */
  public AccessType effective() {
    return this == NONE ? NONE : union(READ);
  }

  /** Returns the set as /proc/[pid]/maps shows it, such as "r-x". */
  @Override
  public String toString() {
    return (canRead() ? "r" : "-") + (canWrite() ? "w" : "-") + (canExecute() ? "x" : "-");
  }
}
