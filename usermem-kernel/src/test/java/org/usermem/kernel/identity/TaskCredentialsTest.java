package org.usermem.kernel.identity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.usermem.kernel.identity.TaskCredentials.UNCHANGED;

import org.junit.jupiter.api.Test;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.access.Capability;

class TaskCredentialsTest {

  private static final TaskCredentials ROOT = TaskCredentials.ROOT;
  private static final TaskCredentials USER = TaskCredentials.of(1000, 100, 27, 4);

  private static TaskCredentials setresuid(
      TaskCredentials from, int real, int effective, int saved) {
    return from.withUsers(
        TaskCredentials.choose(from.users(), from.has(Capability.SETUID), real, effective, saved));
  }

  @Test
  void rootHasEveryCapabilityAndOthersNone() {
    assertTrue(ROOT.has(Capability.SYS_ADMIN));
    assertFalse(USER.has(Capability.CHOWN));
    assertArrayEquals(new int[] {27, 4}, USER.supplementaryGroups());
  }

  @Test
  void givingUpRootGivesUpItsCapabilities() {
    TaskCredentials user = setresuid(ROOT, 1000, 1000, 1000);
    assertEquals(UserIds.all(1000), user.users());
    assertEquals(0, user.capabilities().permitted());
    assertEquals(1000, user.forFiles().userId());
  }

  @Test
  void givingUpTheEffectiveIdAloneCanBeTakenBack() {
    TaskCredentials user = setresuid(ROOT, UNCHANGED, 1000, UNCHANGED);
    assertEquals(0, user.capabilities().effective());
    assertEquals(Capability.ALL, user.capabilities().permitted());
    TaskCredentials again = setresuid(user, UNCHANGED, 0, UNCHANGED);
    assertTrue(again.has(Capability.SYS_ADMIN));
  }

  @Test
  void capabilitiesAreKeptWhereThatWasAskedFor() {
    TaskCredentials keeper = ROOT.withSecurebits(TaskCredentials.KEEP_CAPABILITIES);
    TaskCredentials user = setresuid(keeper, 1000, 1000, 1000);
    assertEquals(Capability.ALL, user.capabilities().permitted());
    assertEquals(0, user.capabilities().effective());
    TaskCredentials unfixed =
        setresuid(ROOT.withSecurebits(TaskCredentials.NO_SETUID_FIXUP), 1000, 1000, 1000);
    assertTrue(unfixed.has(Capability.SYS_ADMIN));
  }

  @Test
  void othersMayOnlyChooseAmongTheirIds() {
    assertEquals(
        Errno.EPERM, assertThrows(LinuxException.class, () -> setresuid(USER, 0, 0, 0)).errno());
    UserIds mixed = new UserIds(1, 2, 3, 2);
    assertEquals(new UserIds(3, 1, 3, 1), TaskCredentials.choose(mixed, false, 3, 1, UNCHANGED));
  }

  @Test
  void theFileSystemUserTakesItsCapabilitiesAlong() {
    TaskCredentials user = ROOT.withFileSystemUser(1000);
    assertFalse(user.has(Capability.DAC_OVERRIDE));
    assertTrue(user.has(Capability.SYS_ADMIN));
    assertTrue(user.withFileSystemUser(0).has(Capability.DAC_OVERRIDE));
  }

  @Test
  void anOrdinaryProgramKeepsRootAndGivesOthersNothing() {
    assertTrue(ROOT.afterExec(UNCHANGED, UNCHANGED).has(Capability.SYS_ADMIN));
    assertEquals(0, USER.afterExec(UNCHANGED, UNCHANGED).capabilities().permitted());
    TaskCredentials ambient = USER.withCapabilities(new CapabilitySets(2, 2, 0, Capability.ALL, 2));
    assertEquals(2, ambient.afterExec(UNCHANGED, UNCHANGED).capabilities().effective());
  }

  @Test
  void aProgramOfRootsGivesItsUserRootsRights() {
    TaskCredentials gained = USER.afterExec(0, UNCHANGED);
    assertEquals(new UserIds(1000, 0, 0, 0), gained.users());
    assertTrue(gained.has(Capability.SYS_ADMIN));
    TaskCredentials other = USER.afterExec(UNCHANGED, 5);
    assertEquals(new UserIds(100, 5, 5, 5), other.groups());
    assertEquals(0, other.capabilities().effective());
  }

  @Test
  void checksOfAccessUseTheRealIds() {
    TaskCredentials gained = USER.afterExec(0, UNCHANGED);
    assertEquals(1000, gained.forAccessCheck().userId());
    assertFalse(gained.forAccessCheck().has(Capability.DAC_OVERRIDE));
    assertTrue(ROOT.forAccessCheck().has(Capability.DAC_OVERRIDE));
  }
}
