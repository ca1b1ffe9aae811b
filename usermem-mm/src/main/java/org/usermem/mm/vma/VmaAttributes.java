package org.usermem.mm.vma;

import org.jspecify.annotations.Nullable;
import org.usermem.addr.AccessType;
import org.usermem.memmap.LockMode;
import org.usermem.memmap.Mappable;
import org.usermem.memmap.MappingIdentity;
import org.usermem.mm.numa.NumaPolicy;

/**
 * All of an area but its place. Areas that touch and whose attributes are the same become one, so a
 * new attribute belongs here and nowhere else.
 *
 * @param mappable what is mapped, or null where it is private memory of the program's own
 * @param identity the name and lifetime of what is mapped; each area holds a reference
 * @param access what the program asked for
 * @param maxAccess what it may ask for later
 * @param flags bits of {@link VmaFlag}
 * @param lockMode as set by mlock(2) and mlockall(2)
 * @param numaPolicy as set by mbind(2)
 * @param name what prctl(PR_SET_VMA_ANON_NAME) or the creator called it, or null
 */
public record VmaAttributes(
    @Nullable Mappable mappable,
    @Nullable MappingIdentity identity,
    AccessType access,
    AccessType maxAccess,
    int flags,
    LockMode lockMode,
    NumaPolicy numaPolicy,
    @Nullable String name) {

  /** Returns whether a flag is set. */
  public boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** Returns whether writes go to a copy. */
  public boolean isPrivate() {
    return has(VmaFlag.PRIVATE);
  }

  /** Returns whether the area is private memory of the program's own. */
  public boolean isAnonymous() {
    return mappable == null;
  }

  /** Returns what the program can do in fact: on x86, whatever is accessible is readable. */
  public AccessType effectiveAccess() {
    return access.effective();
  }

  /** Returns whether writes can ever reach the mappable: what it is told at registration. */
  public boolean canWriteMappable() {
    return !isPrivate() && maxAccess.canWrite();
  }

  /** Returns whether the area counts against RLIMIT_DATA: Linux's is_data_mapping. */
  public boolean isData() {
    return isPrivate() && access.canWrite() && !has(VmaFlag.GROWS_DOWN);
  }

  /** Returns whether pages of the area are locked. */
  public boolean isLocked() {
    return lockMode != LockMode.NONE;
  }

  /** Returns these attributes with another access. */
  public VmaAttributes withAccess(AccessType value) {
    return new VmaAttributes(
        mappable, identity, value, maxAccess, flags, lockMode, numaPolicy, name);
  }

  /** Returns these attributes with other flags. */
  public VmaAttributes withFlags(int value) {
    return new VmaAttributes(
        mappable, identity, access, maxAccess, value, lockMode, numaPolicy, name);
  }

  /** Returns these attributes with another lock mode. */
  public VmaAttributes withLockMode(LockMode value) {
    return new VmaAttributes(mappable, identity, access, maxAccess, flags, value, numaPolicy, name);
  }

  /** Returns these attributes with another memory policy. */
  public VmaAttributes withNumaPolicy(NumaPolicy value) {
    return new VmaAttributes(mappable, identity, access, maxAccess, flags, lockMode, value, name);
  }

  /** Returns these attributes with another name. */
  public VmaAttributes withName(@Nullable String value) {
    return new VmaAttributes(
        mappable, identity, access, maxAccess, flags, lockMode, numaPolicy, value);
  }

  /** Returns whether areas of these attributes can be one. */
  @SuppressWarnings("ReferenceEquality") // The same object is the common case, told for less.
  boolean sameAs(VmaAttributes other) {
    return this == other
        || (access == other.access
            && flags == other.flags
            && maxAccess == other.maxAccess
            && lockMode == other.lockMode
            && sameObjects(other)
            && numaPolicy.equals(other.numaPolicy)
            && (name == null ? other.name == null : name.equals(other.name)));
  }

  @SuppressWarnings("ReferenceEquality") // Two mappables are the same only if they are one.
  private boolean sameObjects(VmaAttributes other) {
    return mappable == other.mappable && identity == other.identity;
  }
}
