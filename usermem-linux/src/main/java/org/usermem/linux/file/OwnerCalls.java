package org.usermem.linux.file;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.Task;
import org.usermem.linux.file.FileOwner.Kind;

/** The commands of fcntl(2) that say who gets signals of O_ASYNC; fs/fcntl.c. */
final class OwnerCalls {
  private static final int OWNER_BYTE_COUNT = 8;

  private OwnerCalls() {}

  static long fcntl(Task task, FileOwner owner, int command, long argument) {
    return switch (command) {
      case FcntlCalls.F_SETOWN -> set(task, owner, (int) argument);
      case FcntlCalls.F_GETOWN -> {
        int id = owner.idIfAlive();
        yield owner.owner().kind() == Kind.PROCESS_GROUP ? -id : id;
      }
      case FcntlCalls.F_SETOWN_EX -> setExtended(task, owner, argument);
      case FcntlCalls.F_GETOWN_EX -> getExtended(task, owner, argument);
      case FcntlCalls.F_SETSIG -> {
        owner.setSignal(argument);
        yield 0;
      }
      default -> owner.signal();
    };
  }

  private static long set(Task task, FileOwner owner, int id) {
    if (id == Integer.MIN_VALUE) {
      throw LinuxException.of(Errno.EINVAL);
    }
    owner.setOwner(task, id < 0 ? Kind.PROCESS_GROUP : Kind.PROCESS, Math.abs(id));
    return 0;
  }

  /** Reads {@code struct f_owner_ex}. */
  private static long setExtended(Task task, FileOwner owner, long address) {
    MemorySegment struct = task.scratch(OWNER_BYTE_COUNT);
    task.copyInFully(address, struct);
    int id = struct.get(JAVA_INT_UNALIGNED, 4);
    owner.setOwner(task, Kind.of(struct.get(JAVA_INT_UNALIGNED, 0)), id);
    return 0;
  }

  private static long getExtended(Task task, FileOwner owner, long address) {
    MemorySegment struct = task.scratch(OWNER_BYTE_COUNT);
    struct.set(JAVA_INT_UNALIGNED, 0, owner.owner().kind().value());
    struct.set(JAVA_INT_UNALIGNED, 4, owner.idIfAlive());
    task.copyOutFully(address, struct);
    return 0;
  }
}
