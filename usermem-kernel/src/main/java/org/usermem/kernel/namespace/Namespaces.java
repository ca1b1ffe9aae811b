package org.usermem.kernel.namespace;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.access.Capability;
import org.usermem.kernel.fd.FsContext;
import org.usermem.kernel.identity.TaskCredentials;

/**
 * The namespaces of a task, of those kinds of which a kernel may have several: {@code struct
 * nsproxy}. Tasks share it; it never changes. Safe for use by all threads.
 */
public final class Namespaces {
  private static final long ALL_FLAGS = allFlags();
  private static final long FIRST_FREE_NUMBER = 0xf000_0000L;

  private final Map<NamespaceKind, Namespace> byKind;
  private final AtomicLong nextNumber;
  private final AtomicInteger users = new AtomicInteger(1);

  /**
   * Makes the first namespaces of a kernel, with one user.
   *
   * @param first one each of some kinds; one use of each is taken over
   */
  public Namespaces(Collection<Namespace> first) {
    this(new EnumMap<>(NamespaceKind.class), new AtomicLong(FIRST_FREE_NUMBER));
    first.forEach(each -> byKind.put(each.kind(), each));
  }

  private Namespaces(Map<NamespaceKind, Namespace> byKind, AtomicLong nextNumber) {
    this.byKind = byKind;
    this.nextNumber = nextNumber;
  }

  private static long allFlags() {
    long flags = 0;
    for (NamespaceKind each : NamespaceKind.values()) {
      flags |= each.flag();
    }
    return flags;
  }

  /** Returns every flag that asks for a namespace. */
  public static long flags() {
    return ALL_FLAGS;
  }

  /**
   * Returns the namespace of a kind.
   *
   * @return the namespace; null if it is a kind of which there is one
   */
  public @Nullable Namespace get(NamespaceKind kind) {
    return byKind.get(kind);
  }

  /** Returns the names of the machine. */
  public UtsNamespace uts() {
    return (UtsNamespace) require(NamespaceKind.UTS);
  }

  /**
   * Returns the namespace of a kind that this kernel has several of.
   *
   * @throws IllegalStateException if it has not
   */
  public Namespace require(NamespaceKind kind) {
    Namespace found = byKind.get(kind);
    if (found == null) {
      throw new IllegalStateException("a kernel without namespaces of kind " + kind);
    }
    return found;
  }

  /**
   * Checks that a task may have the namespaces that it asks for.
   *
   * @param flags of clone(2) or unshare(2)
   * @throws LinuxException EPERM for CLONE_NEWUSER, as in a chroot, which programs expect where
   *     they try whether they may; EPERM without CAP_SYS_ADMIN; EINVAL for kinds of which there is
   *     one, as from a kernel that was built without them
   */
  public void check(TaskCredentials credentials, long flags) {
    long wanted = flags & ALL_FLAGS;
    if ((wanted & NamespaceKind.USER.flag()) != 0
        || (wanted != 0 && !credentials.has(Capability.SYS_ADMIN))) {
      throw LinuxException.of(Errno.EPERM);
    }
    for (NamespaceKind each : NamespaceKind.values()) {
      if ((wanted & each.flag()) != 0 && !byKind.containsKey(each)) {
        throw LinuxException.of(Errno.EINVAL);
      }
    }
  }

  /**
   * Makes a set with some namespaces of its own ({@code create_new_namespaces}), with one user.
   *
   * @param flags which; what {@link #check} lets pass
   * @param fs as for {@link Namespace#copy}
   * @throws LinuxException ENOSPC
   */
  public Namespaces copy(long flags, FsContext fs) {
    Namespaces copy = share();
    try {
      for (Namespace each : byKind.values()) {
        if ((flags & each.kind().flag()) != 0) {
          copy.replace(each.copy(nextNumber.getAndIncrement(), fs));
        }
      }
    } catch (LinuxException e) {
      copy.decUsers();
      throw e;
    }
    return copy;
  }

  /**
   * Makes a set with other namespaces of some kinds, with one user.
   *
   * @param others the namespaces; the caller keeps its uses
   * @throws LinuxException ESRCH if one has ended
   */
  public Namespaces with(Collection<Namespace> others) {
    Namespaces copy = share();
    for (Namespace each : others) {
      if (!each.incUsers()) {
        copy.decUsers();
        throw LinuxException.of(Errno.ESRCH);
      }
      copy.replace(each);
    }
    return copy;
  }

  /** The set has users, so none of its namespaces has ended. */
  private Namespaces share() {
    byKind.values().forEach(Namespace::incUsers);
    return new Namespaces(new EnumMap<>(byKind), nextNumber);
  }

  /** Only before anybody else has the set. */
  private void replace(Namespace other) {
    Namespace before = byKind.put(other.kind(), other);
    if (before != null) {
      before.decUsers();
    }
  }

  /** Counts one more task that has these. */
  public void incUsers() {
    users.incrementAndGet();
  }

  /** Counts one task less. */
  public void decUsers() {
    if (users.decrementAndGet() == 0) {
      byKind.values().forEach(Namespace::decUsers);
    }
  }
}
