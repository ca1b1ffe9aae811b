package org.usermem.kernel.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

class ResourceLimitsTest {

  private final ResourceLimits limits = ResourceLimits.initial(100);

  private void assertRefused(Errno errno, Resource resource, long current, long maximum) {
    assertEquals(
        errno,
        assertThrows(
                LinuxException.class,
                () -> limits.set(resource, new ResourceLimit(current, maximum), false))
            .errno());
  }

  @Test
  void resourcesHaveLinuxsNumbers() {
    assertEquals(Resource.CPU, Resource.of(0));
    assertEquals(Resource.NOFILE, Resource.of(7));
    assertEquals(Resource.RTTIME, Resource.of(15));
    assertNull(Resource.of(16));
    assertNull(Resource.of(-1));
    assertEquals("Max open files", Resource.NOFILE.title());
    assertEquals("files", Resource.NOFILE.unit());
  }

  @Test
  void anybodyMayLowerAndOnlyThePrivilegedRaise() {
    limits.set(Resource.DATA, new ResourceLimit(10, 20), false);
    assertEquals(10, limits.current(Resource.DATA));
    assertRefused(Errno.EPERM, Resource.DATA, 10, 30);
    assertRefused(Errno.EINVAL, Resource.DATA, 21, 20);
    ResourceLimit before = limits.set(Resource.DATA, ResourceLimit.UNLIMITED, true);
    assertEquals(new ResourceLimit(10, 20), before);
  }

  @Test
  void filesHaveACeilingForAll() {
    assertEquals(
        Errno.EPERM,
        assertThrows(
                LinuxException.class,
                () ->
                    limits.set(
                        Resource.NOFILE,
                        new ResourceLimit(1, ResourceLimits.MAXIMUM_FILES + 1),
                        true))
            .errno());
  }

  @Test
  void aCopyGoesItsOwnWay() {
    ResourceLimits copy = limits.copy();
    limits.set(Resource.CORE, new ResourceLimit(1, 1), false);
    assertEquals(0, copy.current(Resource.CORE));
  }

  @Test
  void usageAddsUpButForResidentSets() {
    ResourceUsage one = new ResourceUsage(1, 2, 30, 4, 5, 6, 7, 8, 9);
    assertEquals(new ResourceUsage(2, 4, 30, 8, 10, 12, 14, 16, 18), one.plus(one));
  }
}
