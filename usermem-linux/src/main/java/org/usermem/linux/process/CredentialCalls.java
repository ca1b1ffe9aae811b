package org.usermem.linux.process;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.access.Capability;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.kernel.identity.CapabilitySets;
import org.usermem.kernel.identity.TaskCredentials;
import org.usermem.kernel.identity.UserIds;

/** User and group IDs and capabilities of a task; kernel/sys.c, kernel/capability.c. */
public final class CredentialCalls {
  private static final int UNCHANGED = TaskCredentials.UNCHANGED;
  private static final int NGROUPS_MAX = 65536;

  private static final int CAPABILITY_VERSION_1 = 0x19980330;
  private static final int CAPABILITY_VERSION_2 = 0x20071026;
  private static final int CAPABILITY_VERSION_3 = 0x20080522;

  private CredentialCalls() {}

  private static boolean maySetUser(Task task) {
    return task.credentials().has(Capability.SETUID);
  }

  private static boolean maySetGroup(Task task) {
    return task.credentials().has(Capability.SETGID);
  }

  private static LinuxException refused() {
    return LinuxException.of(Errno.EPERM);
  }

  /** Which IDs a call wants, with -1 for those to be left. */
  private static UserIds changed(UserIds old, int real, int effective, int saved) {
    int newEffective = effective == UNCHANGED ? old.effective() : effective;
    return new UserIds(
        real == UNCHANGED ? old.real() : real,
        newEffective,
        saved == UNCHANGED ? old.saved() : saved,
        newEffective);
  }

  private static void requireUsual(UserIds old, boolean privileged, int... ids) {
    for (int id : ids) {
      if (id != UNCHANGED && !privileged && !old.holds(id)) {
        throw refused();
      }
    }
  }

  /** setuid(uid). */
  public static long setuid(Task task, SyscallArguments args) {
    UserIds next = setId(task.credentials().users(), args.asInt(0), maySetUser(task));
    task.setCredentials(task.credentials().withUsers(next));
    return 0;
  }

  /** setgid(gid). */
  public static long setgid(Task task, SyscallArguments args) {
    UserIds next = setId(task.credentials().groups(), args.asInt(0), maySetGroup(task));
    task.setCredentials(task.credentials().withGroups(next));
    return 0;
  }

  private static UserIds setId(UserIds old, int id, boolean privileged) {
    if (id == UNCHANGED) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (privileged) {
      return UserIds.all(id);
    }
    if (id != old.real() && id != old.saved()) {
      throw refused();
    }
    return new UserIds(old.real(), id, old.saved(), id);
  }

  /** setreuid(ruid, euid). */
  public static long setreuid(Task task, SyscallArguments args) {
    UserIds next =
        setRealAndEffective(
            task.credentials().users(), args.asInt(0), args.asInt(1), maySetUser(task));
    task.setCredentials(task.credentials().withUsers(next));
    return 0;
  }

  /** setregid(rgid, egid). */
  public static long setregid(Task task, SyscallArguments args) {
    UserIds next =
        setRealAndEffective(
            task.credentials().groups(), args.asInt(0), args.asInt(1), maySetGroup(task));
    task.setCredentials(task.credentials().withGroups(next));
    return 0;
  }

  private static UserIds setRealAndEffective(
      UserIds old, int real, int effective, boolean privileged) {
    if (real != UNCHANGED && !privileged && real != old.real() && real != old.effective()) {
      throw refused();
    }
    requireUsual(old, privileged, effective);
    UserIds next = changed(old, real, effective, UNCHANGED);
    boolean savesEffective =
        real != UNCHANGED || (effective != UNCHANGED && effective != old.real());
    return savesEffective ? changed(next, UNCHANGED, UNCHANGED, next.effective()) : next;
  }

  /** setresuid(ruid, euid, suid). */
  public static long setresuid(Task task, SyscallArguments args) {
    UserIds old = task.credentials().users();
    requireUsual(old, maySetUser(task), args.asInt(0), args.asInt(1), args.asInt(2));
    UserIds next = changed(old, args.asInt(0), args.asInt(1), args.asInt(2));
    task.setCredentials(task.credentials().withUsers(next));
    return 0;
  }

  /** setresgid(rgid, egid, sgid). */
  public static long setresgid(Task task, SyscallArguments args) {
    UserIds old = task.credentials().groups();
    requireUsual(old, maySetGroup(task), args.asInt(0), args.asInt(1), args.asInt(2));
    UserIds next = changed(old, args.asInt(0), args.asInt(1), args.asInt(2));
    task.setCredentials(task.credentials().withGroups(next));
    return 0;
  }

  /** setfsuid(uid): the ID before, whether or not it changes. */
  public static long setfsuid(Task task, SyscallArguments args) {
    UserIds old = task.credentials().users();
    int id = args.asInt(0);
    boolean permitted = old.holds(id) || id == old.fileSystem() || maySetUser(task);
    if (id != UNCHANGED && permitted) {
      task.setCredentials(task.credentials().withFileSystemUser(id));
    }
    return Integer.toUnsignedLong(old.fileSystem());
  }

  /** setfsgid(gid): the ID before, whether or not it changes. */
  public static long setfsgid(Task task, SyscallArguments args) {
    UserIds old = task.credentials().groups();
    int id = args.asInt(0);
    boolean permitted = old.holds(id) || id == old.fileSystem() || maySetGroup(task);
    if (id != UNCHANGED && permitted) {
      UserIds next = new UserIds(old.real(), old.effective(), old.saved(), id);
      task.setCredentials(task.credentials().withGroups(next));
    }
    return Integer.toUnsignedLong(old.fileSystem());
  }

  /** getresuid(ruid, euid, suid). */
  public static long getresuid(Task task, SyscallArguments args) {
    return copyOut(task, task.credentials().users(), args);
  }

  /** getresgid(rgid, egid, sgid). */
  public static long getresgid(Task task, SyscallArguments args) {
    return copyOut(task, task.credentials().groups(), args);
  }

  private static long copyOut(Task task, UserIds ids, SyscallArguments args) {
    task.copyOutInt(args.asLong(0), ids.real());
    task.copyOutInt(args.asLong(1), ids.effective());
    task.copyOutInt(args.asLong(2), ids.saved());
    return 0;
  }

  /** getgroups(gidsetsize, grouplist). */
  public static long getgroups(Task task, SyscallArguments args) {
    int room = args.asInt(0);
    int[] groups = task.credentials().supplementaryGroups();
    if (room < 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (room == 0) {
      return groups.length;
    }
    if (groups.length > room) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (groups.length > 0) {
      task.copyOutFully(args.asLong(1), MemorySegment.ofArray(groups));
    }
    return groups.length;
  }

  /** setgroups(gidsetsize, grouplist). */
  public static long setgroups(Task task, SyscallArguments args) {
    if (!maySetGroup(task)) {
      throw refused();
    }
    long count = args.asUnsignedInt(0);
    if (count > NGROUPS_MAX) {
      throw LinuxException.of(Errno.EINVAL);
    }
    int[] groups = new int[(int) count];
    if (groups.length > 0) {
      task.copyInFully(args.asLong(1), MemorySegment.ofArray(groups));
    }
    task.setCredentials(task.credentials().withSupplementaryGroups(groups));
    return 0;
  }

  /** capget(header, dataptr). */
  public static long capget(Task task, SyscallArguments args) {
    long header = args.asLong(0);
    int version = task.copyInInt(header);
    int words = words(version);
    if (words == 0) {
      task.copyOutInt(header, CAPABILITY_VERSION_3);
      if (args.asLong(1) == 0) {
        return 0;
      }
      throw LinuxException.of(Errno.EINVAL);
    }
    int pid = task.copyInInt(header + 4);
    if (pid < 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (args.asLong(1) == 0) {
      return 0;
    }
    Task target = pid == 0 ? task : Targets.task(task, pid);
    CapabilitySets sets = target.credentials().capabilities();
    MemorySegment data = task.scratch(12L * words);
    for (int i = 0; i < words; i++) {
      data.set(JAVA_INT_UNALIGNED, 12L * i, (int) (sets.effective() >>> (32 * i)));
      data.set(JAVA_INT_UNALIGNED, 12L * i + 4, (int) (sets.permitted() >>> (32 * i)));
      data.set(JAVA_INT_UNALIGNED, 12L * i + 8, (int) (sets.inheritable() >>> (32 * i)));
    }
    task.copyOutFully(args.asLong(1), data);
    return 0;
  }

  /** capset(header, data). */
  public static long capset(Task task, SyscallArguments args) {
    long header = args.asLong(0);
    int words = words(task.copyInInt(header));
    if (words == 0) {
      task.copyOutInt(header, CAPABILITY_VERSION_3);
      throw LinuxException.of(Errno.EINVAL);
    }
    int pid = task.copyInInt(header + 4);
    if (pid != 0 && pid != task.tid()) {
      throw refused();
    }
    MemorySegment data = task.scratch(12L * words);
    task.copyInFully(args.asLong(1), data);
    long effective = 0;
    long permitted = 0;
    long inheritable = 0;
    for (int i = 0; i < words; i++) {
      effective |= word(data, 12L * i) << (32 * i);
      permitted |= word(data, 12L * i + 4) << (32 * i);
      inheritable |= word(data, 12L * i + 8) << (32 * i);
    }
    setCapabilities(task, effective, permitted, inheritable);
    return 0;
  }

  /** Follows {@code cap_capset} of security/commoncap.c. */
  private static void setCapabilities(Task task, long effective, long permitted, long inheritable) {
    CapabilitySets old = task.credentials().capabilities();
    long known = Capability.ALL;
    long newInheritable = inheritable & known;
    long newPermitted = permitted & known;
    long newEffective = effective & known;
    boolean maySetInheritable = task.credentials().has(Capability.SETPCAP);
    boolean permittedChange =
        (maySetInheritable || (newInheritable & ~(old.inheritable() | old.permitted())) == 0)
            && (newInheritable & ~(old.inheritable() | old.bounding())) == 0
            && (newPermitted & ~old.permitted()) == 0
            && (newEffective & ~newPermitted) == 0;
    if (!permittedChange) {
      throw refused();
    }
    long ambient = old.ambient() & newPermitted & newInheritable;
    task.setCredentials(
        task.credentials()
            .withCapabilities(
                new CapabilitySets(
                    newPermitted, newInheritable, newEffective, old.bounding(), ambient)));
  }

  private static long word(MemorySegment data, long at) {
    return Integer.toUnsignedLong(data.get(JAVA_INT_UNALIGNED, at));
  }

  private static int words(int version) {
    return switch (version) {
      case CAPABILITY_VERSION_1 -> 1;
      case CAPABILITY_VERSION_2, CAPABILITY_VERSION_3 -> 2;
      default -> 0;
    };
  }
}
