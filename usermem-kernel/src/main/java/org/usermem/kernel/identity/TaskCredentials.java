package org.usermem.kernel.identity;

import java.util.Arrays;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.access.Capability;
import org.usermem.fs.access.Credentials;

/**
 * Whom a task acts for: {@code struct cred}. Immutable; each change gives new credentials, by the
 * rules of Linux's kernel/sys.c and security/commoncap.c.
 */
public final class TaskCredentials {

  /** The super-user. */
  public static final TaskCredentials ROOT = of(0, 0);

  /** Root is nobody special (SECBIT_NOROOT). */
  public static final int NO_ROOT = 1;

  /** Changing user IDs leaves capabilities alone (SECBIT_NO_SETUID_FIXUP). */
  public static final int NO_SETUID_FIXUP = 4;

  /** Permitted capabilities survive giving up root (SECBIT_KEEP_CAPS). */
  public static final int KEEP_CAPABILITIES = 16;

  /** An argument that means: leave as it is. */
  public static final int UNCHANGED = -1;

  private static final long FILE_SYSTEM_CAPABILITIES =
      Capability.CHOWN.bit()
          | Capability.DAC_OVERRIDE.bit()
          | Capability.DAC_READ_SEARCH.bit()
          | Capability.FOWNER.bit()
          | Capability.FSETID.bit()
          | Capability.LINUX_IMMUTABLE.bit()
          | Capability.MKNOD.bit()
          | Capability.MAC_OVERRIDE.bit();

  private final UserIds users;
  private final UserIds groups;
  private final int[] supplementaryGroups;
  private final CapabilitySets capabilities;
  private final int securebits;
  private final Credentials forFiles;

  private TaskCredentials(
      UserIds users,
      UserIds groups,
      int[] supplementaryGroups,
      CapabilitySets capabilities,
      int securebits) {
    this.users = users;
    this.groups = groups;
    this.supplementaryGroups = supplementaryGroups;
    this.capabilities = capabilities;
    this.securebits = securebits;
    this.forFiles =
        new Credentials(
            users.fileSystem(), groups.fileSystem(), supplementaryGroups, capabilities.effective());
  }

  /**
   * Returns the credentials of a user who has just logged in: root has every capability.
   *
   * @param uid the user
   * @param gid the group
   * @param supplementaryGroups further groups; copied
   * @return the credentials
   */
  public static TaskCredentials of(int uid, int gid, int... supplementaryGroups) {
    return new TaskCredentials(
        UserIds.all(uid),
        UserIds.all(gid),
        supplementaryGroups.clone(),
        uid == 0 ? CapabilitySets.FULL : CapabilitySets.NONE,
        0);
  }

  /**
   * Returns the user IDs.
   *
   * @return the IDs
   */
  public UserIds users() {
    return users;
  }

  /**
   * Returns the group IDs.
   *
   * @return the IDs
   */
  public UserIds groups() {
    return groups;
  }

  /**
   * Returns the supplementary groups.
   *
   * @return a copy
   */
  public int[] supplementaryGroups() {
    return supplementaryGroups.clone();
  }

  /**
   * Returns the capabilities.
   *
   * @return the sets
   */
  public CapabilitySets capabilities() {
    return capabilities;
  }

  /**
   * Returns the securebits (PR_GET_SECUREBITS).
   *
   * @return the bits
   */
  public int securebits() {
    return securebits;
  }

  /**
   * Returns these credentials as file systems see them.
   *
   * @return file-system IDs, groups and effective capabilities
   */
  public Credentials forFiles() {
    return forFiles;
  }

  /**
   * Returns these credentials as access(2) checks with: the real IDs instead of the file system's.
   *
   * @return the credentials; effective capabilities are the permitted ones if the real user is
   *     root, else none
   */
  public Credentials forAccessCheck() {
    long effective = capabilities.effective();
    if ((securebits & NO_SETUID_FIXUP) == 0) {
      effective = users.real() == 0 ? capabilities.permitted() : 0;
    }
    return new Credentials(users.real(), groups.real(), supplementaryGroups, effective);
  }

  /**
   * Returns whether a capability is effective.
   *
   * @param capability a capability
   * @return whether it is
   */
  public boolean has(Capability capability) {
    return (capabilities.effective() & capability.bit()) != 0;
  }

  /**
   * setresuid(2), and with it setuid(2) and setreuid(2) once their rules chose the IDs.
   *
   * @param newUsers the IDs
   * @return new credentials, capabilities adjusted ({@code cap_task_fix_setuid})
   */
  public TaskCredentials withUsers(UserIds newUsers) {
    return new TaskCredentials(
        newUsers, groups, supplementaryGroups, afterUserChange(newUsers), securebits);
  }

  /**
   * setfsuid(2), once its rule has passed.
   *
   * @param uid the file-system user
   * @return new credentials, file-system capabilities adjusted
   */
  public TaskCredentials withFileSystemUser(int uid) {
    UserIds newUsers = new UserIds(users.real(), users.effective(), users.saved(), uid);
    CapabilitySets sets = capabilities;
    if ((securebits & NO_SETUID_FIXUP) == 0) {
      if (users.fileSystem() == 0 && uid != 0) {
        sets = sets.withEffective(sets.effective() & ~FILE_SYSTEM_CAPABILITIES);
      } else if (users.fileSystem() != 0 && uid == 0) {
        long raised = sets.permitted() & FILE_SYSTEM_CAPABILITIES;
        sets = sets.withEffective(sets.effective() | raised);
      }
    }
    return new TaskCredentials(newUsers, groups, supplementaryGroups, sets, securebits);
  }

  /**
   * Returns credentials with other group IDs.
   *
   * @param newGroups the IDs
   * @return new credentials
   */
  public TaskCredentials withGroups(UserIds newGroups) {
    return new TaskCredentials(users, newGroups, supplementaryGroups, capabilities, securebits);
  }

  /**
   * setgroups(2), once its rule has passed.
   *
   * @param newGroups the supplementary groups; copied
   * @return new credentials
   */
  public TaskCredentials withSupplementaryGroups(int... newGroups) {
    return new TaskCredentials(users, groups, newGroups.clone(), capabilities, securebits);
  }

  /**
   * Returns credentials with other capabilities.
   *
   * @param sets the sets
   * @return new credentials
   */
  public TaskCredentials withCapabilities(CapabilitySets sets) {
    return new TaskCredentials(users, groups, supplementaryGroups, sets, securebits);
  }

  /**
   * Returns credentials with other securebits.
   *
   * @param bits the bits
   * @return new credentials
   */
  public TaskCredentials withSecurebits(int bits) {
    return new TaskCredentials(users, groups, supplementaryGroups, capabilities, bits);
  }

  /**
   * Chooses IDs by the rules of setresuid(2) and setresgid(2): without the capability each of them
   * must be one that the task has already.
   *
   * @param ids the IDs now
   * @param isPrivileged whether the task has CAP_SETUID, or CAP_SETGID
   * @param real the real ID, or {@link #UNCHANGED}
   * @param effective the effective ID, or {@link #UNCHANGED}
   * @param saved the saved ID, or {@link #UNCHANGED}
   * @return the new IDs; the file system's follows the effective one
   * @throws LinuxException EPERM if the rules forbid it
   */
  public static UserIds choose(
      UserIds ids, boolean isPrivileged, int real, int effective, int saved) {
    if (!isPrivileged
        && !((real == UNCHANGED || ids.holds(real))
            && (effective == UNCHANGED || ids.holds(effective))
            && (saved == UNCHANGED || ids.holds(saved)))) {
      throw LinuxException.of(Errno.EPERM);
    }
    int newEffective = effective == UNCHANGED ? ids.effective() : effective;
    return new UserIds(
        real == UNCHANGED ? ids.real() : real,
        newEffective,
        saved == UNCHANGED ? ids.saved() : saved,
        newEffective);
  }

  /**
   * Returns credentials after execve(2) of an ordinary or a set-user-ID file ({@code
   * cap_bprm_creds_from_file}); file capabilities do not exist here.
   *
   * @param setUid the file's owner if its set-user-ID bit counts, else {@link #UNCHANGED}
   * @param setGid the file's group if its set-group-ID bit counts, else {@link #UNCHANGED}
   * @return new credentials
   */
  public TaskCredentials afterExec(int setUid, int setGid) {
    int effectiveUser = setUid == UNCHANGED ? users.effective() : setUid;
    int effectiveGroup = setGid == UNCHANGED ? groups.effective() : setGid;
    boolean gains = effectiveUser != users.effective() || effectiveGroup != groups.effective();
    long ambient = gains ? 0 : capabilities.ambient();
    long permitted = ambient;
    long effective = ambient;
    if ((securebits & NO_ROOT) == 0) {
      if (users.real() == 0 || effectiveUser == 0) {
        permitted = capabilities.inheritable() | capabilities.bounding();
      }
      if (effectiveUser == 0) {
        effective = permitted;
      }
    }
    return new TaskCredentials(
        new UserIds(users.real(), effectiveUser, effectiveUser, effectiveUser),
        new UserIds(groups.real(), effectiveGroup, effectiveGroup, effectiveGroup),
        supplementaryGroups,
        new CapabilitySets(
            permitted, capabilities.inheritable(), effective, capabilities.bounding(), ambient),
        securebits & ~KEEP_CAPABILITIES);
  }

  private CapabilitySets afterUserChange(UserIds after) {
    if ((securebits & NO_SETUID_FIXUP) != 0) {
      return capabilities;
    }
    long permitted = capabilities.permitted();
    long effective = capabilities.effective();
    long ambient = capabilities.ambient();
    if (users.holds(0) && !after.holds(0)) {
      if ((securebits & KEEP_CAPABILITIES) == 0) {
        permitted = 0;
        effective = 0;
      }
      ambient = 0;
    }
    if (users.effective() == 0 && after.effective() != 0) {
      effective = 0;
    }
    if (users.effective() != 0 && after.effective() == 0) {
      effective = permitted;
    }
    return new CapabilitySets(
        permitted, capabilities.inheritable(), effective, capabilities.bounding(), ambient);
  }

  @Override
  public String toString() {
    return users + ", " + groups + ", groups " + Arrays.toString(supplementaryGroups);
  }
}
