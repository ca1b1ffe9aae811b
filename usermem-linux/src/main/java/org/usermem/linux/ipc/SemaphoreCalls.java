package org.usermem.linux.ipc;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.kernel.time.Clocks;
import org.usermem.linux.abi.IpcPermStruct;
import org.usermem.linux.abi.Timespec;
import org.usermem.linux.namespace.IpcNamespace;
import org.usermem.linux.sysv.SemaphoreOperation;
import org.usermem.linux.sysv.SemaphoreSet;
import org.usermem.linux.sysv.SemaphoreSet.Question;
import org.usermem.linux.sysv.Semaphores;
import org.usermem.linux.sysv.TaskCaller;

/** semget(2), semop(2), semtimedop(2) and semctl(2); ipc/sem.c. */
public final class SemaphoreCalls {
  private static final int GETPID = 11;
  private static final int GETVAL = 12;
  private static final int GETALL = 13;
  private static final int GETNCNT = 14;
  private static final int GETZCNT = 15;
  private static final int SETVAL = 16;
  private static final int SETALL = 17;
  private static final int SEM_STAT = 18;
  private static final int SEM_INFO = 19;
  private static final int SEM_STAT_ANY = 20;

  private static final int IPC_NOWAIT = 04000;
  private static final int SEM_UNDO = 010000;

  private static final int SEMBUF = 6;
  private static final int SEMID_DS = 104;
  private static final int SEMINFO = 40;
  private static final int SEM_UNDO_BYTES = 20;

  private SemaphoreCalls() {}

  private static Semaphores semaphores(Task task) {
    return IpcNamespace.of(task).systemV(task.kernel()).semaphores();
  }

  /** semget(key, nsems, semflg). */
  public static long semget(Task task, SyscallArguments args) {
    return semaphores(task)
        .get(args.asInt(0), args.asInt(1), args.asInt(2), new TaskCaller(task))
        .id();
  }

  /** semop(semid, tsops, nsops). */
  public static long semop(Task task, SyscallArguments args) {
    return operate(task, args, 0);
  }

  /** semtimedop(semid, tsops, nsops, timeout). */
  public static long semtimedop(Task task, SyscallArguments args) {
    return operate(task, args, args.asLong(3));
  }

  private static long operate(Task task, SyscallArguments args, long timeoutAddress) {
    int id = args.asInt(0);
    long count = args.asUnsignedInt(2);
    MemorySegment timeout = MemorySegment.NULL;
    if (timeoutAddress != 0) {
      timeout = MemorySegment.ofArray(new long[Timespec.BYTE_COUNT / Long.BYTES]);
      task.copyInFully(timeoutAddress, timeout);
    }
    if (count > Semaphores.MAXIMUM_OPERATIONS) {
      throw LinuxException.of(Errno.E2BIG);
    }
    if (count == 0 || id < 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    List<SemaphoreOperation> operations = copyInOperations(task, args.asLong(1), (int) count);
    long deadline =
        timeoutAddress == 0
            ? Clocks.NEVER
            : Clocks.deadlineAfter(Timespec.decodeNanoseconds(timeout, 0));
    Semaphores semaphores = semaphores(task);
    semaphores.operate(task, semaphores.find(id), operations, deadline);
    return 0;
  }

  private static List<SemaphoreOperation> copyInOperations(Task task, long address, int count) {
    MemorySegment structs = task.scratch((long) count * SEMBUF);
    task.copyInFully(address, structs);
    List<SemaphoreOperation> operations = new ArrayList<>(count);
    for (long at = 0; at < structs.byteSize(); at += SEMBUF) {
      int flags = structs.get(JAVA_SHORT_UNALIGNED, at + 4);
      operations.add(
          new SemaphoreOperation(
              Short.toUnsignedInt(structs.get(JAVA_SHORT_UNALIGNED, at)),
              structs.get(JAVA_SHORT_UNALIGNED, at + 2),
              (flags & IPC_NOWAIT) != 0,
              (flags & SEM_UNDO) != 0));
    }
    return operations;
  }

  /** semctl(semid, semnum, cmd, arg). */
  public static long semctl(Task task, SyscallArguments args) {
    int id = args.asInt(0);
    int number = args.asInt(1);
    int command = args.asInt(2);
    long argument = args.asLong(3);
    if (id < 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    Semaphores semaphores = semaphores(task);
    TaskCaller caller = new TaskCaller(task);
    return switch (command) {
      case IpcCommands.INFO, SEM_INFO -> info(task, semaphores, command == SEM_INFO, argument);
      case IpcCommands.STAT -> {
        copyOut(task, semaphores.find(id).status(caller), argument);
        yield 0;
      }
      case SEM_STAT, SEM_STAT_ANY -> {
        SemaphoreSet set = semaphores.findByIndex(id);
        copyOut(task, command == SEM_STAT ? set.status(caller) : set.status(), argument);
        yield set.id();
      }
      case GETVAL -> semaphores.find(id).ask(caller, number, Question.VALUE);
      case GETPID -> semaphores.find(id).ask(caller, number, Question.PROCESS);
      case GETNCNT -> semaphores.find(id).ask(caller, number, Question.WAITING_FOR_INCREASE);
      case GETZCNT -> semaphores.find(id).ask(caller, number, Question.WAITING_FOR_ZERO);
      case GETALL -> getAll(task, semaphores.find(id).values(caller), argument);
      case SETVAL -> setValue(semaphores, caller, id, number, (int) argument);
      case SETALL -> setAll(task, semaphores.find(id), argument);
      case IpcCommands.SET -> setOwner(task, semaphores, id, argument);
      case IpcCommands.RMID -> {
        semaphores.remove(semaphores.find(id), caller);
        yield 0;
      }
      default -> throw LinuxException.of(Errno.EINVAL);
    };
  }

  private static void copyOut(Task task, SemaphoreSet.Status status, long buffer) {
    MemorySegment struct = task.scratch(SEMID_DS);
    struct.fill((byte) 0);
    IpcPermStruct.encode(struct, status.id(), status.key(), status.permissions(), 0);
    struct.set(JAVA_LONG_UNALIGNED, 48, status.operationSeconds());
    struct.set(JAVA_LONG_UNALIGNED, 64, status.changeSeconds());
    struct.set(JAVA_LONG_UNALIGNED, 80, status.count());
    task.copyOutFully(buffer, struct);
  }

  private static long info(Task task, Semaphores semaphores, boolean ofUse, long buffer) {
    MemorySegment struct = task.scratch(SEMINFO);
    int[] fields = {
      Semaphores.MAXIMUM_SEMAPHORES,
      Semaphores.MAXIMUM_SETS,
      Semaphores.MAXIMUM_SEMAPHORES,
      Semaphores.MAXIMUM_SEMAPHORES,
      Semaphores.MAXIMUM_SET_SIZE,
      Semaphores.MAXIMUM_OPERATIONS,
      Semaphores.MAXIMUM_OPERATIONS,
      ofUse ? semaphores.sets().size() : SEM_UNDO_BYTES,
      SemaphoreSet.MAXIMUM_VALUE,
      ofUse ? semaphores.count() : SemaphoreSet.MAXIMUM_VALUE
    };
    MemorySegment.copy(MemorySegment.ofArray(fields), 0, struct, 0, SEMINFO);
    task.copyOutFully(buffer, struct);
    return semaphores.highestIndex();
  }

  private static long getAll(Task task, int[] values, long buffer) {
    MemorySegment array = task.scratch(2L * values.length);
    for (int i = 0; i < values.length; i++) {
      array.set(JAVA_SHORT_UNALIGNED, 2L * i, (short) values[i]);
    }
    task.copyOutFully(buffer, array);
    return 0;
  }

  private static long setValue(
      Semaphores semaphores, TaskCaller caller, int id, int number, int value) {
    if (value < 0 || value > SemaphoreSet.MAXIMUM_VALUE) {
      throw LinuxException.of(Errno.ERANGE);
    }
    semaphores.find(id).setValue(caller, number, value);
    return 0;
  }

  private static long setAll(Task task, SemaphoreSet set, long buffer) {
    TaskCaller caller = new TaskCaller(task);
    set.requireWritable(caller);
    MemorySegment array = task.scratch(2L * set.count());
    task.copyInFully(buffer, array);
    int[] values = new int[set.count()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Short.toUnsignedInt(array.get(JAVA_SHORT_UNALIGNED, 2L * i));
      if (values[i] > SemaphoreSet.MAXIMUM_VALUE) {
        throw LinuxException.of(Errno.ERANGE);
      }
    }
    set.setValues(caller, values);
    return 0;
  }

  private static long setOwner(Task task, Semaphores semaphores, int id, long buffer) {
    MemorySegment struct = task.scratch(SEMID_DS);
    task.copyInFully(buffer, struct);
    semaphores
        .find(id)
        .setOwner(
            new TaskCaller(task),
            IpcPermStruct.uid(struct),
            IpcPermStruct.gid(struct),
            IpcPermStruct.mode(struct));
    return 0;
  }
}
