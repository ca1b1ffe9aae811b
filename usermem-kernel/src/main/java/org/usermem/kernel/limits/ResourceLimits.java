package org.usermem.kernel.limits;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

/** The limits of a process (getrlimit(2)), shared by its tasks. Safe for use by several threads. */
@SuppressWarnings("EnumOrdinal") // The ordinal of a resource is Linux's number.
public final class ResourceLimits {

  /** Ceiling of RLIMIT_NOFILE ({@code fs.nr_open}). */
  public static final long MAXIMUM_FILES = 1 << 20;

  private final AtomicReferenceArray<ResourceLimit> limits;

  private ResourceLimits(ResourceLimit[] limits) {
    this.limits = new AtomicReferenceArray<>(limits);
  }

  /**
   * Returns what Linux gives its first process ({@code INIT_RLIMITS}), with the file-descriptor
   * limits that distributions set.
   *
   * @param maximumTasks for NPROC and SIGPENDING
   * @return the limits
   */
  public static ResourceLimits initial(long maximumTasks) {
    ResourceLimit[] limits = new ResourceLimit[Resource.values().length];
    Arrays.fill(limits, ResourceLimit.UNLIMITED);
    limits[Resource.STACK.ordinal()] = new ResourceLimit(8L << 20, ResourceLimit.INFINITY);
    limits[Resource.CORE.ordinal()] = new ResourceLimit(0, ResourceLimit.INFINITY);
    limits[Resource.NPROC.ordinal()] = new ResourceLimit(maximumTasks, maximumTasks);
    limits[Resource.NOFILE.ordinal()] = new ResourceLimit(1024, MAXIMUM_FILES);
    limits[Resource.MEMLOCK.ordinal()] = new ResourceLimit(8L << 20, 8L << 20);
    limits[Resource.SIGPENDING.ordinal()] = new ResourceLimit(maximumTasks, maximumTasks);
    limits[Resource.MSGQUEUE.ordinal()] = new ResourceLimit(819_200, 819_200);
    limits[Resource.NICE.ordinal()] = new ResourceLimit(0, 0);
    limits[Resource.RTPRIO.ordinal()] = new ResourceLimit(0, 0);
    return new ResourceLimits(limits);
  }

  /**
   * Returns a limit.
   *
   * @param resource of what
   * @return the limit
   */
  public ResourceLimit get(Resource resource) {
    return limits.get(resource.ordinal());
  }

  /**
   * Returns the limit that is enforced.
   *
   * @param resource of what
   * @return the soft limit, unsigned
   */
  public long current(Resource resource) {
    return get(resource).current();
  }

  /**
   * Sets a limit by the rules of setrlimit(2).
   *
   * @param resource of what
   * @param limit the limit
   * @param privileged whether the caller has CAP_SYS_RESOURCE
   * @return the limit before
   * @throws LinuxException EINVAL if the soft limit is above the hard one; EPERM if the hard limit
   *     would rise without privilege, or RLIMIT_NOFILE pass {@link #MAXIMUM_FILES}
   */
  public ResourceLimit set(Resource resource, ResourceLimit limit, boolean privileged) {
    if (limit.isInverted()) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (resource == Resource.NOFILE && Long.compareUnsigned(limit.maximum(), MAXIMUM_FILES) > 0) {
      throw LinuxException.of(Errno.EPERM);
    }
    ResourceLimit before;
    do {
      before = get(resource);
      if (!privileged && Long.compareUnsigned(limit.maximum(), before.maximum()) > 0) {
        throw LinuxException.of(Errno.EPERM);
      }
    } while (!limits.compareAndSet(resource.ordinal(), before, limit));
    return before;
  }

  /**
   * Returns a copy, as fork makes it.
   *
   * @return the copy
   */
  public ResourceLimits copy() {
    ResourceLimit[] copy = new ResourceLimit[limits.length()];
    Arrays.setAll(copy, limits::get);
    return new ResourceLimits(copy);
  }
}
