package org.usermem.linux.file;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.event.Readiness;
import org.usermem.fs.lock.FileLocks;
import org.usermem.fs.lock.LockType;
import org.usermem.fs.lock.LockWaits;
import org.usermem.fs.lock.RecordLock;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.kernel.time.Clocks;
import org.usermem.linux.system.LinuxSystem;

/** flock(2) and the record locks of fcntl(2); fs/locks.c. */
public final class LockCalls {
  private static final int LOCK_SH = 1;
  private static final int LOCK_EX = 2;
  private static final int LOCK_NB = 4;
  private static final int LOCK_UN = 8;

  private static final int F_RDLCK = 0;
  private static final int F_WRLCK = 1;
  private static final int F_UNLCK = 2;

  private static final int STRUCT_FLOCK = 32;

  private LockCalls() {}

  /** flock(fd, operation). */
  public static long flock(Task task, SyscallArguments args) {
    int operation = args.asInt(1);
    FileDescription file = task.files().get(args.asInt(0));
    try {
      if (file.isPath()) {
        throw LinuxException.of(Errno.EBADF);
      }
      FileLocks locks = file.inode().locks();
      switch (operation & ~LOCK_NB) {
        case LOCK_UN -> locks.unlockWhole(file);
        case LOCK_SH -> lockWhole(task, file, LockType.READ, (operation & LOCK_NB) == 0);
        case LOCK_EX -> lockWhole(task, file, LockType.WRITE, (operation & LOCK_NB) == 0);
        default -> throw LinuxException.of(Errno.EINVAL);
      }
      return 0;
    } finally {
      file.decRef();
    }
  }

  private static void lockWhole(Task task, FileDescription file, LockType type, boolean waits) {
    FileLocks locks = file.inode().locks();
    if (!waits) {
      requireNoObstacle(locks.lockWhole(file, type));
      return;
    }
    task.blocking()
        .retry(
            locks.released(),
            Readiness.IN,
            Clocks.NEVER,
            () -> {
              requireNoObstacle(locks.lockWhole(file, type));
              return 0;
            });
  }

  private static void requireNoObstacle(@Nullable Object obstacle) {
    if (obstacle != null) {
      throw LinuxException.of(Errno.EAGAIN);
    }
  }

  /** What a program asks of a record lock: {@code struct flock}, with its range resolved. */
  private record Request(int type, long start, long end) {
    LockType lockType() {
      return type == F_RDLCK ? LockType.READ : LockType.WRITE;
    }
  }

  private static Request request(FileDescription file, MemorySegment flock) {
    int type = flock.get(JAVA_SHORT_UNALIGNED, 0);
    long offset = flock.get(JAVA_LONG_UNALIGNED, 8);
    long length = flock.get(JAVA_LONG_UNALIGNED, 16);
    long base =
        switch (flock.get(JAVA_SHORT_UNALIGNED, 2)) {
          case 0 -> 0;
          case 1 -> file.position();
          case 2 -> file.attributes().byteSize();
          default -> throw LinuxException.of(Errno.EINVAL);
        };
    long start = base + offset;
    if (((base ^ start) & (offset ^ start)) < 0) {
      throw LinuxException.of(Errno.EOVERFLOW);
    }
    long end = RecordLock.TO_THE_END;
    if (length > 0) {
      end = start + length;
      if (start >= 0 && end < 0) {
        throw LinuxException.of(Errno.EOVERFLOW);
      }
    } else if (length < 0) {
      end = start;
      start += length;
    }
    if (start < 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    return new Request(type, start, end);
  }

  /** F_GETLK and F_OFD_GETLK: tells who would be in the way. */
  static long get(Task task, FileDescription file, long address, boolean ofDescription) {
    MemorySegment flock = task.scratch(STRUCT_FLOCK);
    task.copyInFully(address, flock);
    Request request = request(file, flock);
    if (request.type() != F_RDLCK && request.type() != F_WRLCK) {
      throw LinuxException.of(Errno.EINVAL);
    }
    requireNoPid(flock, ofDescription);
    RecordLock wanted = lock(task, file, request, ofDescription);
    RecordLock obstacle = file.inode().locks().obstacle(wanted);
    if (obstacle == null) {
      flock.set(JAVA_SHORT_UNALIGNED, 0, (short) F_UNLCK);
    } else {
      boolean endless = obstacle.end() == RecordLock.TO_THE_END;
      boolean reads = obstacle.type() == LockType.READ;
      flock.set(JAVA_SHORT_UNALIGNED, 0, (short) (reads ? F_RDLCK : F_WRLCK));
      flock.set(JAVA_SHORT_UNALIGNED, 2, (short) 0);
      flock.set(JAVA_LONG_UNALIGNED, 8, obstacle.start());
      flock.set(JAVA_LONG_UNALIGNED, 16, endless ? 0 : obstacle.end() - obstacle.start());
      flock.set(JAVA_INT_UNALIGNED, 24, obstacle.pid());
    }
    task.copyOutFully(address, flock);
    return 0;
  }

  /** F_SETLK, F_SETLKW and their forms for descriptions. */
  static long set(
      Task task, FileDescription file, long address, boolean ofDescription, boolean waits) {
    MemorySegment flock = task.scratch(STRUCT_FLOCK);
    task.copyInFully(address, flock);
    requireNoPid(flock, ofDescription);
    Request request = request(file, flock);
    FileLocks locks = file.inode().locks();
    switch (request.type()) {
      case F_UNLCK -> locks.clear(owner(task, file, ofDescription), request.start(), request.end());
      case F_RDLCK, F_WRLCK -> {
        boolean permitted = request.type() == F_RDLCK ? file.isReadable() : file.isWritable();
        if (!permitted) {
          throw LinuxException.of(Errno.EBADF);
        }
        RecordLock wanted = lock(task, file, request, ofDescription);
        if (waits) {
          setWaiting(task, locks, wanted, ofDescription);
        } else {
          requireNoObstacle(locks.set(wanted));
        }
      }
      default -> throw LinuxException.of(Errno.EINVAL);
    }
    return 0;
  }

  private static void setWaiting(
      Task task, FileLocks locks, RecordLock wanted, boolean ofDescription) {
    LockWaits waits = LinuxSystem.of(task).vfs().lockWaits();
    try {
      task.blocking()
          .retry(
              locks.released(),
              Readiness.IN,
              Clocks.NEVER,
              () -> {
                RecordLock obstacle = locks.set(wanted);
                if (obstacle != null && !ofDescription && obstacle.pid() != -1) {
                  waits.begin(wanted.owner(), obstacle.owner());
                }
                requireNoObstacle(obstacle);
                return 0;
              });
    } finally {
      waits.end(wanted.owner());
    }
  }

  private static RecordLock lock(
      Task task, FileDescription file, Request request, boolean ofDescription) {
    return new RecordLock(
        owner(task, file, ofDescription),
        ofDescription ? -1 : task.processId(),
        request.lockType(),
        request.start(),
        request.end());
  }

  private static Object owner(Task task, FileDescription file, boolean ofDescription) {
    return ofDescription ? file : task.files();
  }

  private static void requireNoPid(MemorySegment flock, boolean ofDescription) {
    if (ofDescription && flock.get(JAVA_INT_UNALIGNED, 24) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
  }
}
