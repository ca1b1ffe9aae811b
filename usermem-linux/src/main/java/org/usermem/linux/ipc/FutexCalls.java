package org.usermem.linux.ipc;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.SyscallRestart;
import org.usermem.kernel.Task;
import org.usermem.kernel.TaskFutexes;
import org.usermem.kernel.time.Clocks;
import org.usermem.linux.process.Targets;
import org.usermem.linux.time.ClockCalls;
import org.usermem.linux.time.ClockIds;

/** futex(2), futex_waitv(2) and the lists of robust futexes; kernel/futex/syscalls.c. */
public final class FutexCalls {
  private static final int FUTEX_WAIT = 0;
  private static final int FUTEX_WAKE = 1;
  private static final int FUTEX_REQUEUE = 3;
  private static final int FUTEX_CMP_REQUEUE = 4;
  private static final int FUTEX_WAKE_OP = 5;
  private static final int FUTEX_LOCK_PI = 6;
  private static final int FUTEX_UNLOCK_PI = 7;
  private static final int FUTEX_TRYLOCK_PI = 8;
  private static final int FUTEX_WAIT_BITSET = 9;
  private static final int FUTEX_WAKE_BITSET = 10;
  private static final int FUTEX_WAIT_REQUEUE_PI = 11;
  private static final int FUTEX_CMP_REQUEUE_PI = 12;
  private static final int FUTEX_LOCK_PI2 = 13;

  private static final int FUTEX_PRIVATE_FLAG = 128;
  private static final int FUTEX_CLOCK_REALTIME = 256;
  private static final int MATCH_ANY = -1;

  private static final int FUTEX2_SIZE_U32 = 2;
  private static final int FUTEX2_PRIVATE = 128;
  private static final int WAITV_BYTE_COUNT = 24;
  private static final int MAXIMUM_WAITS = 128;

  private static final int ROBUST_LIST_BYTE_COUNT = 24;

  private FutexCalls() {}

  /** futex(uaddr, op, val, utime, uaddr2, val3). */
  public static long futex(Task task, SyscallArguments args) {
    int operation = args.asInt(1);
    int command = operation & ~(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME);
    boolean isPrivate = (operation & FUTEX_PRIVATE_FLAG) != 0;
    boolean realtime = (operation & FUTEX_CLOCK_REALTIME) != 0;
    if (realtime
        && command != FUTEX_WAIT_BITSET
        && command != FUTEX_WAIT_REQUEUE_PI
        && command != FUTEX_LOCK_PI2) {
      throw LinuxException.of(Errno.ENOSYS);
    }
    TaskFutexes futexes = task.futexes();
    long address = args.asLong(0);
    int value = args.asInt(2);
    int count = args.asInt(3);
    long other = args.asLong(4);
    int third = args.asInt(5);
    return switch (command) {
      case FUTEX_WAIT -> await(task, address, value, MATCH_ANY, args.asLong(3), isPrivate);
      case FUTEX_WAIT_BITSET -> {
        long deadline = deadline(task, args.asLong(3), realtime);
        futexes.await(address, value, third, deadline, isPrivate);
        yield 0;
      }
      case FUTEX_WAKE -> futexes.wake(address, MATCH_ANY, value, isPrivate);
      case FUTEX_WAKE_BITSET -> futexes.wake(address, third, value, isPrivate);
      case FUTEX_REQUEUE -> futexes.requeue(address, other, value, count, isPrivate);
      case FUTEX_CMP_REQUEUE ->
          futexes.compareAndRequeue(address, third, other, value, count, isPrivate);
      case FUTEX_WAKE_OP -> futexes.wakeOp(address, other, value, count, third, isPrivate);
      case FUTEX_LOCK_PI, FUTEX_LOCK_PI2 -> {
        boolean onRealtime = command == FUTEX_LOCK_PI || realtime;
        futexes.lockPi(address, false, deadline(task, args.asLong(3), onRealtime), isPrivate);
        yield 0;
      }
      case FUTEX_TRYLOCK_PI -> {
        futexes.lockPi(address, true, Clocks.NEVER, isPrivate);
        yield 0;
      }
      case FUTEX_UNLOCK_PI -> {
        futexes.unlockPi(address, isPrivate);
        yield 0;
      }
      case FUTEX_WAIT_REQUEUE_PI -> {
        long deadline = deadline(task, args.asLong(3), realtime);
        futexes.awaitRequeuePi(address, value, MATCH_ANY, deadline, other, isPrivate);
        yield 0;
      }
      case FUTEX_CMP_REQUEUE_PI -> {
        if (value != 1) {
          throw LinuxException.of(Errno.EINVAL);
        }
        yield futexes.requeuePi(address, third, other, count, isPrivate);
      }
      default -> throw LinuxException.of(Errno.ENOSYS);
    };
  }

  /** The one wait whose timeout is a span of time: after a stop it goes on with what is left. */
  private static long await(
      Task task, long address, int value, int bitset, long timeout, boolean isPrivate) {
    if (timeout == 0) {
      task.futexes().await(address, value, bitset, Clocks.NEVER, isPrivate);
      return 0;
    }
    long deadline = Clocks.deadlineAfter(ClockCalls.copyInNanos(task, timeout));
    return awaitUntil(task, address, value, bitset, deadline, isPrivate);
  }

  private static long awaitUntil(
      Task task, long address, int value, int bitset, long deadline, boolean isPrivate) {
    try {
      task.futexes().await(address, value, bitset, deadline, isPrivate);
      return 0;
    } catch (SyscallRestart e) {
      task.signals()
          .setRestartBlock(() -> awaitUntil(task, address, value, bitset, deadline, isPrivate));
      throw SyscallRestart.BY_BLOCK;
    }
  }

  /** The monotonic time of an absolute timeout. */
  private static long deadline(Task task, long address, boolean realtime) {
    if (address == 0) {
      return Clocks.NEVER;
    }
    long time = ClockCalls.copyInNanos(task, address);
    return realtime ? Clocks.REALTIME.earliestArrival(time) : time;
  }

  /** futex_waitv(waiters, nr_futexes, flags, timeout, clockid). */
  public static long waitv(Task task, SyscallArguments args) {
    long count = args.asUnsignedInt(1);
    if (args.asInt(2) != 0 || count == 0 || count > MAXIMUM_WAITS || args.asLong(0) == 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    long deadline = Clocks.NEVER;
    if (args.asLong(3) != 0) {
      int clock = args.asInt(4);
      if (clock != ClockIds.REALTIME && clock != ClockIds.MONOTONIC) {
        throw LinuxException.of(Errno.EINVAL);
      }
      deadline = deadline(task, args.asLong(3), clock == ClockIds.REALTIME);
    }
    MemorySegment waiters = task.scratch(WAITV_BYTE_COUNT * count);
    task.copyInFully(args.asLong(0), waiters);
    List<TaskFutexes.Wait> waits = new ArrayList<>((int) count);
    for (int i = 0; i < count; i++) {
      waits.add(wait(waiters.asSlice((long) i * WAITV_BYTE_COUNT, WAITV_BYTE_COUNT)));
    }
    return task.futexes().awaitAny(waits, deadline);
  }

  private static TaskFutexes.Wait wait(MemorySegment waiter) {
    long value = waiter.get(JAVA_LONG_UNALIGNED, 0);
    int flags = waiter.get(JAVA_INT_UNALIGNED, 16);
    boolean sane =
        (flags & ~FUTEX2_PRIVATE) == FUTEX2_SIZE_U32
            && waiter.get(JAVA_INT_UNALIGNED, 20) == 0
            && value >>> 32 == 0;
    if (!sane) {
      throw LinuxException.of(Errno.EINVAL);
    }
    boolean isPrivate = (flags & FUTEX2_PRIVATE) != 0;
    return new TaskFutexes.Wait(waiter.get(JAVA_LONG_UNALIGNED, 8), (int) value, isPrivate);
  }

  /** set_robust_list(head, len). */
  public static long setRobustList(Task task, SyscallArguments args) {
    if (args.asLong(1) != ROBUST_LIST_BYTE_COUNT) {
      throw LinuxException.of(Errno.EINVAL);
    }
    task.parts().setRobustListHead(args.asLong(0));
    return 0;
  }

  /** get_robust_list(pid, head_ptr, len_ptr). */
  public static long getRobustList(Task task, SyscallArguments args) {
    int pid = args.asInt(0);
    Task target = pid == 0 ? task : Targets.traceable(task, pid);
    task.copyOutLong(args.asLong(2), ROBUST_LIST_BYTE_COUNT);
    task.copyOutLong(args.asLong(1), target.parts().robustListHead());
    return 0;
  }
}
