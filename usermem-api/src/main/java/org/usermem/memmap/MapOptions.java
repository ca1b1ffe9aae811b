package org.usermem.memmap;

import org.jspecify.annotations.Nullable;
import org.usermem.addr.AccessType;

/**
 * What is asked of a new mapping: the arguments of mmap(2) after they were decoded.
 *
 * <p>Thread safety: immutable.
 *
 * <p>Source: {@code memmap.MMapOpts} of gVisor.
 *
 * @param byteCount the length, unsigned
 * @param mappable what is mapped; null for anonymous memory
 * @param identity keeps {@code mappable} alive; a reference is added if the mapping is made
 * @param offset the offset in {@code mappable} of the first byte
 * @param placement where it goes
 * @param address the address or the hint
 * @param map32Bit whether the first address must fit in 31 bits (MAP_32BIT); not for fixed ones
 * @param access the protection
 * @param maxAccess the most that mprotect(2) may ever give
 * @param isPrivate whether writes go to a copy (MAP_PRIVATE)
 * @param growsDown whether it grows on a fault below it (MAP_GROWSDOWN)
 * @param stack MAP_STACK, which means nothing to Linux
 * @param populate how much is brought in at once
 * @param lockMode whether pages are kept in memory
 * @param noReserve MAP_NORESERVE
 * @param force whether checks of address and length against the layout are left out, for the
 *     sentry's own mappings; only with {@link Placement#FIXED_REPLACE}
 * @param name the name in /proc/[pid]/maps; null for that of {@code identity}
 */
public record MapOptions(
    long byteCount,
    @Nullable Mappable mappable,
    @Nullable MappingIdentity identity,
    long offset,
    Placement placement,
    long address,
    boolean map32Bit,
    AccessType access,
    AccessType maxAccess,
    boolean isPrivate,
    boolean growsDown,
    boolean stack,
    Populate populate,
    LockMode lockMode,
    boolean noReserve,
    boolean force,
    @Nullable String name) {

  /**
   * Makes options.
   *
   * @throws IllegalArgumentException if {@code force} is asked for without replacing, or {@code
   *     maxAccess} does not contain {@code access}
   */
  public MapOptions {
    if (force && placement != Placement.FIXED_REPLACE) {
      throw new IllegalArgumentException("a forced mapping must replace, not be " + placement);
    }
    if (!maxAccess.contains(access)) {
      throw new IllegalArgumentException(
          "access " + access + " is more than the mapping may ever have, " + maxAccess);
    }
  }

  /** Returns a builder of options for private anonymous memory without access. */
  public static Builder builder(long byteCount) {
    return new Builder(byteCount);
  }

  /** Returns whether nothing but memory is mapped. */
  public boolean isAnonymous() {
    return mappable == null;
  }

  /** Returns a builder that starts with these options. */
  public Builder toBuilder() {
    Builder builder = new Builder(byteCount);
    builder.mappable = mappable;
    builder.identity = identity;
    builder.offset = offset;
    builder.placement = placement;
    builder.address = address;
    builder.map32Bit = map32Bit;
    builder.access = access;
    builder.maxAccess = maxAccess;
    builder.isPrivate = isPrivate;
    builder.growsDown = growsDown;
    builder.stack = stack;
    builder.populate = populate;
    builder.lockMode = lockMode;
    builder.noReserve = noReserve;
    builder.force = force;
    builder.name = name;
    return builder;
  }

  /** Collects options. Thread safety: none. */
  public static final class Builder {

    private long byteCount;
    private @Nullable Mappable mappable;
    private @Nullable MappingIdentity identity;
    private long offset;
    private Placement placement = Placement.ANYWHERE;
    private long address;
    private boolean map32Bit;
    private AccessType access = AccessType.NONE;
    private AccessType maxAccess = AccessType.ANY;
    private boolean isPrivate = true;
    private boolean growsDown;
    private boolean stack;
    private Populate populate = Populate.DEFAULT;
    private LockMode lockMode = LockMode.NONE;
    private boolean noReserve;
    private boolean force;
    private @Nullable String name;

    private Builder(long byteCount) {
      this.byteCount = byteCount;
    }

    /** Sets the length, unsigned. */
    public Builder byteCount(long newByteCount) {
      byteCount = newByteCount;
      return this;
    }

    /** Sets what is mapped, what keeps it alive, and from which offset. */
    public Builder mappable(
        @Nullable Mappable newMappable, @Nullable MappingIdentity newIdentity, long newOffset) {
      mappable = newMappable;
      identity = newIdentity;
      offset = newOffset;
      return this;
    }

    /**
     * Sets where the mapping goes; an address that is only a hint is {@link Placement#ANYWHERE}.
     */
    public Builder at(long newAddress, Placement newPlacement) {
      address = newAddress;
      placement = newPlacement;
      return this;
    }

    /** Sets whether the first address must fit in 31 bits. */
    public Builder map32Bit(boolean newMap32Bit) {
      map32Bit = newMap32Bit;
      return this;
    }

    /** Sets the protection. */
    public Builder access(AccessType newAccess) {
      access = newAccess;
      return this;
    }

    /** Sets the most protection there may ever be; everything if it is not set. */
    public Builder maxAccess(AccessType newMaxAccess) {
      maxAccess = newMaxAccess;
      return this;
    }

    /** Makes the mapping shared (MAP_SHARED). */
    public Builder shared() {
      isPrivate = false;
      return this;
    }

    /** Sets whether writes go to a copy; they do if it is not set. */
    public Builder isPrivate(boolean newIsPrivate) {
      isPrivate = newIsPrivate;
      return this;
    }

    /** Sets whether the mapping grows on a fault below it. */
    public Builder growsDown(boolean newGrowsDown) {
      growsDown = newGrowsDown;
      return this;
    }

    /** Sets MAP_STACK. */
    public Builder stack(boolean newStack) {
      stack = newStack;
      return this;
    }

    /** Sets how much is brought in at once. */
    public Builder populate(Populate newPopulate) {
      populate = newPopulate;
      return this;
    }

    /** Sets whether pages are kept in memory. */
    public Builder lockMode(LockMode newLockMode) {
      lockMode = newLockMode;
      return this;
    }

    /** Sets MAP_NORESERVE. */
    public Builder noReserve(boolean newNoReserve) {
      noReserve = newNoReserve;
      return this;
    }

    /** Sets whether checks against the layout are left out. */
    public Builder force(boolean newForce) {
      force = newForce;
      return this;
    }

    /** Sets the name in /proc/[pid]/maps. */
    public Builder name(@Nullable String newName) {
      name = newName;
      return this;
    }

    /**
     * Makes the options.
     *
     * @throws IllegalArgumentException as the constructor says
     */
    public MapOptions build() {
      return new MapOptions(
          byteCount, mappable, identity, offset, placement, address, map32Bit, access, maxAccess,
          isPrivate, growsDown, stack, populate, lockMode, noReserve, force, name);
    }
  }
}
