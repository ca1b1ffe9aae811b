package org.usermem.linux.ipc;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.usermem.addr.AccessType;
import org.usermem.addr.Addr;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.access.Capability;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.kernel.limits.Resource;
import org.usermem.linux.abi.IpcPermStruct;
import org.usermem.linux.namespace.IpcNamespace;
import org.usermem.linux.sysv.TaskCaller;
import org.usermem.mm.shm.ShmLimits;
import org.usermem.mm.shm.ShmRegistry;
import org.usermem.mm.shm.ShmSegment;

/** shmget(2), shmat(2), shmdt(2) and shmctl(2); ipc/shm.c. */
public final class ShmCalls {
  private static final int SHM_HUGETLB = 04000;
  private static final int SHM_RDONLY = 010000;
  private static final int SHM_RND = 020000;
  private static final int SHM_REMAP = 040000;
  private static final int SHM_EXEC = 0100000;

  private static final int SHM_LOCK = 11;
  private static final int SHM_UNLOCK = 12;
  private static final int SHM_STAT = 13;
  private static final int SHM_INFO = 14;
  private static final int SHM_STAT_ANY = 15;

  private static final int SHM_DEST = 01000;
  private static final int SHM_LOCKED = 02000;

  private static final int SHMID_DS = 112;
  private static final int SHMINFO = 72;
  private static final int SHM_INFO_BYTES = 48;

  private ShmCalls() {}

  private static ShmRegistry segments(Task task) {
    return IpcNamespace.of(task).systemV(task.kernel()).segments();
  }

  /** shmget(key, size, shmflg). */
  public static long shmget(Task task, SyscallArguments args) {
    int flags = args.asInt(2);
    if ((flags & SHM_HUGETLB) != 0) {
      // As on a machine whose pool of huge pages is empty.
      boolean mayLock = task.credentials().has(Capability.IPC_LOCK);
      throw LinuxException.of(mayLock ? Errno.ENOMEM : Errno.EPERM);
    }
    return segments(task).get(args.asInt(0), args.asLong(1), flags, new TaskCaller(task)).id();
  }

  /** shmat(shmid, shmaddr, shmflg). */
  public static long shmat(Task task, SyscallArguments args) {
    int id = args.asInt(0);
    long address = args.asLong(1);
    int flags = args.asInt(2);
    boolean replaces = (flags & SHM_REMAP) != 0;
    if ((flags & SHM_RND) != 0) {
      address = Addr.pageRoundDown(address);
    }
    if (id < 0 || !Addr.isPageAligned(address) || (address == 0 && replaces)) {
      throw LinuxException.of(Errno.EINVAL);
    }
    AccessType access = (flags & SHM_RDONLY) != 0 ? AccessType.READ : AccessType.READ_WRITE;
    if ((flags & SHM_EXEC) != 0) {
      access = access.union(AccessType.EXECUTE);
    }
    ShmSegment segment = segments(task).find(id);
    segment.requireAccess(new TaskCaller(task), access);
    return task.memoryManager().attach(segment, address, access, replaces);
  }

  /** shmdt(shmaddr). */
  public static long shmdt(Task task, SyscallArguments args) {
    task.memoryManager().detach(args.asLong(0));
    return 0;
  }

  /** shmctl(shmid, cmd, buf). */
  public static long shmctl(Task task, SyscallArguments args) {
    int id = args.asInt(0);
    int command = args.asInt(1);
    long buffer = args.asLong(2);
    if (id < 0 || command < 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    ShmRegistry segments = segments(task);
    return switch (command) {
      case IpcCommands.INFO -> limits(task, segments, buffer);
      case SHM_INFO -> use(task, segments, buffer);
      case IpcCommands.STAT -> {
        copyOut(task, segments.find(id), true, buffer);
        yield 0;
      }
      case SHM_STAT, SHM_STAT_ANY -> {
        ShmSegment segment = segments.findByIndex(IpcCommands.index(id));
        copyOut(task, segment, command == SHM_STAT, buffer);
        yield segment.id();
      }
      case IpcCommands.SET -> set(task, segments, id, buffer);
      case IpcCommands.RMID -> {
        segments.find(id).remove(new TaskCaller(task));
        yield 0;
      }
      case SHM_LOCK, SHM_UNLOCK -> lock(task, segments.find(id), command == SHM_LOCK);
      default -> throw LinuxException.of(Errno.EINVAL);
    };
  }

  private static void copyOut(Task task, ShmSegment segment, boolean checks, long buffer) {
    if (checks) {
      segment.requireAccess(new TaskCaller(task), AccessType.READ);
    }
    ShmSegment.Status status = segment.status();
    MemorySegment struct = task.scratch(SHMID_DS);
    struct.fill((byte) 0);
    int modes = (status.isRemoved() ? SHM_DEST : 0) | (status.isLocked() ? SHM_LOCKED : 0);
    IpcPermStruct.encode(struct, segment.id(), status.key(), status.permissions(), modes);
    struct.set(JAVA_LONG_UNALIGNED, 48, status.byteCount());
    struct.set(JAVA_LONG_UNALIGNED, 56, status.attachSeconds());
    struct.set(JAVA_LONG_UNALIGNED, 64, status.detachSeconds());
    struct.set(JAVA_LONG_UNALIGNED, 72, status.changeSeconds());
    struct.set(JAVA_INT_UNALIGNED, 80, status.creatorPid());
    struct.set(JAVA_INT_UNALIGNED, 84, status.lastPid());
    struct.set(JAVA_LONG_UNALIGNED, 88, status.attachments());
    task.copyOutFully(buffer, struct);
  }

  private static long set(Task task, ShmRegistry segments, int id, long buffer) {
    MemorySegment struct = task.scratch(SHMID_DS);
    task.copyInFully(buffer, struct);
    segments
        .find(id)
        .setOwner(
            new TaskCaller(task),
            IpcPermStruct.uid(struct),
            IpcPermStruct.gid(struct),
            IpcPermStruct.mode(struct));
    return 0;
  }

  private static long lock(Task task, ShmSegment segment, boolean locks) {
    if (!task.credentials().has(Capability.IPC_LOCK)) {
      ShmSegment.Status status = segment.status();
      int uid = task.credentials().users().effective();
      long limit = task.threadGroup().limits().current(Resource.MEMLOCK);
      boolean isOwner =
          uid == status.permissions().uid() || uid == status.permissions().creatorUid();
      if (!isOwner || (locks && limit == 0)) {
        throw LinuxException.of(Errno.EPERM);
      }
      if (locks && Long.compareUnsigned(Addr.pageRoundUp(status.byteCount()), limit) > 0) {
        throw LinuxException.of(Errno.ENOMEM);
      }
    }
    segment.setLocked(locks);
    return 0;
  }

  private static long limits(Task task, ShmRegistry segments, long buffer) {
    ShmLimits limits = segments.limits();
    MemorySegment struct = task.scratch(SHMINFO);
    struct.fill((byte) 0);
    struct.set(JAVA_LONG_UNALIGNED, 0, limits.segmentBytes());
    struct.set(JAVA_LONG_UNALIGNED, 8, 1);
    struct.set(JAVA_LONG_UNALIGNED, 16, limits.segmentCount());
    struct.set(JAVA_LONG_UNALIGNED, 24, limits.segmentCount());
    struct.set(JAVA_LONG_UNALIGNED, 32, limits.totalPages());
    task.copyOutFully(buffer, struct);
    return segments.highestIndex();
  }

  private static long use(Task task, ShmRegistry segments, long buffer) {
    long resident = 0;
    int count = 0;
    for (ShmSegment each : segments.segments()) {
      resident += each.status().residentBytes();
      count++;
    }
    MemorySegment struct = task.scratch(SHM_INFO_BYTES);
    struct.fill((byte) 0);
    struct.set(JAVA_INT_UNALIGNED, 0, count);
    struct.set(JAVA_LONG_UNALIGNED, 8, segments.totalPages());
    struct.set(JAVA_LONG_UNALIGNED, 16, Addr.pageNumber(resident));
    task.copyOutFully(buffer, struct);
    return segments.highestIndex();
  }
}
