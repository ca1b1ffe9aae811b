package org.usermem.linux.event;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.kernel.signal.SignalSet;
import org.usermem.kernel.time.TimerSetting;
import org.usermem.linux.file.DescriptorCalls;
import org.usermem.linux.system.LinuxSystem;
import org.usermem.linux.time.ClockIds;
import org.usermem.linux.time.TimerCalls;

/** The calls of this package. */
public final class EventCalls {
  private static final int COMMON_FLAGS = OpenFlags.CLOSE_ON_EXEC | OpenFlags.NON_BLOCKING;
  private static final int TFD_TIMER_ABSTIME = 1;
  private static final int TFD_TIMER_CANCEL_ON_SET = 2;

  private EventCalls() {}

  private static LinuxException invalid() {
    return LinuxException.of(Errno.EINVAL);
  }

  /** timerfd_create(clockid, flags). */
  public static long timerfdCreate(Task task, SyscallArguments args) {
    int flags = args.asInt(1);
    int clock = args.asInt(0);
    boolean known = clock == 0 || clock == 1 || (clock >= 7 && clock <= 9);
    if ((flags & ~COMMON_FLAGS) != 0 || !known) {
      throw invalid();
    }
    TimerDescription file =
        new TimerDescription(
            LinuxSystem.of(task).vfs().anonymousFiles(),
            task.kernel(),
            ClockIds.of(task, clock),
            flags,
            task.credentials().forFiles());
    return DescriptorCalls.install(task, file, flags);
  }

  /** An operation on a timer. */
  @FunctionalInterface
  private interface TimerOperation {
    TimerSetting on(TimerDescription timer);
  }

  private static TimerSetting withTimer(Task task, int fd, TimerOperation operation) {
    FileDescription file = task.files().get(fd);
    try {
      if (file instanceof TimerDescription timer) {
        return operation.on(timer);
      }
      throw invalid();
    } finally {
      file.decRef();
    }
  }

  /** timerfd_settime(ufd, flags, utmr, otmr). */
  public static long timerfdSettime(Task task, SyscallArguments args) {
    int flags = args.asInt(1);
    if ((flags & ~(TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET)) != 0) {
      throw invalid();
    }
    TimerSetting setting = TimerCalls.copyIn(task, args.asLong(2));
    boolean absolute = (flags & TFD_TIMER_ABSTIME) != 0;
    TimerSetting before = withTimer(task, args.asInt(0), timer -> timer.set(setting, absolute));
    if (args.asLong(3) != 0) {
      TimerCalls.copyOut(task, before, args.asLong(3));
    }
    return 0;
  }

  /** timerfd_gettime(ufd, otmr). */
  public static long timerfdGettime(Task task, SyscallArguments args) {
    TimerSetting left = withTimer(task, args.asInt(0), TimerDescription::remaining);
    TimerCalls.copyOut(task, left, args.asLong(1));
    return 0;
  }

  /** signalfd4(ufd, user_mask, sizemask, flags); signalfd has no flags. */
  public static long signalfd(Task task, SyscallArguments args, int flags) {
    if ((flags & ~COMMON_FLAGS) != 0 || args.asLong(2) != Long.BYTES) {
      throw invalid();
    }
    long mask = SignalSet.blockable(task.copyInLong(args.asLong(1)));
    int fd = args.asInt(0);
    if (fd != -1) {
      FileDescription file = task.files().get(fd);
      try {
        if (!(file instanceof SignalDescription signals)) {
          throw invalid();
        }
        signals.setMask(mask);
        return fd;
      } finally {
        file.decRef();
      }
    }
    SignalDescription file =
        new SignalDescription(
            LinuxSystem.of(task).vfs().anonymousFiles(),
            task.threadGroup(),
            mask,
            flags,
            task.credentials().forFiles());
    return DescriptorCalls.install(task, file, flags);
  }
}
