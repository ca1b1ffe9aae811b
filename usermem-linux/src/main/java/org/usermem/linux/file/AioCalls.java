package org.usermem.linux.file;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.Blocking.Outcome;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.SyscallRestart;
import org.usermem.kernel.Task;
import org.usermem.kernel.time.Clocks;
import org.usermem.linux.abi.Timespec;
import org.usermem.linux.signal.TemporaryMask;
import org.usermem.mm.aio.AioContext;
import org.usermem.mm.aio.AioEvent;

/** Asynchronous I/O: io_setup(2) and its relatives; fs/aio.c. */
public final class AioCalls {
  private static final long MOST_EVENTS = 0x1000_0000L / 32;
  private static final int EVENT_BYTE_COUNT = 32;
  private static final int POINTER_BYTE_COUNT = 8;

  private AioCalls() {}

  /** io_setup(nr_events, ctxp). */
  public static long setup(Task task, SyscallArguments args) {
    long capacity = args.asUnsignedInt(0);
    long address = args.asLong(1);
    if (task.copyInLong(address) != 0 || capacity == 0 || capacity > MOST_EVENTS) {
      throw LinuxException.of(Errno.EINVAL);
    }
    AioContext context = task.memoryManager().aioSetUp((int) capacity);
    try {
      task.copyOutLong(address, context.id());
      return 0;
    } catch (LinuxException e) {
      task.memoryManager().aioDestroy(context.id());
      throw e;
    }
  }

  /** io_destroy(ctx). */
  public static long destroy(Task task, SyscallArguments args) {
    AioContext context = context(task, args.asLong(0));
    Runnable listener = task.blocking()::wake;
    context.addListener(listener);
    try {
      task.memoryManager().aioDestroy(context.id());
      task.blocking().untilKilled(() -> context.underWay() == 0);
    } finally {
      context.removeListener(listener);
    }
    return 0;
  }

  /** Finds a context; its ring must be readable, as {@code lookup_ioctx} reads it. */
  private static AioContext context(Task task, long id) {
    try {
      task.copyInInt(id);
    } catch (LinuxException e) {
      throw LinuxException.of(Errno.EINVAL);
    }
    return task.memoryManager().aioContext(id).orElseThrow(() -> LinuxException.of(Errno.EINVAL));
  }

  /** io_submit(ctx_id, nr, iocbpp). */
  public static long submit(Task task, SyscallArguments args) {
    long count = args.asLong(1);
    if (count < 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    AioContext context = context(task, args.asLong(0));
    AioSubmission submission = new AioSubmission(task, context);
    long most = Math.min(count, context.capacity());
    long done = 0;
    try {
      while (done < most && !task.isKilled()) {
        submission.submit(task.copyInLong(args.asLong(2) + done * POINTER_BYTE_COUNT));
        done++;
      }
    } catch (LinuxException e) {
      if (done == 0) {
        throw e;
      }
    }
    return done;
  }

  /** io_cancel(ctx_id, iocb, result): of what is under way polls can be cancelled. */
  public static long cancel(Task task, SyscallArguments args) {
    long object = args.asLong(1);
    int key = task.copyInInt(object + AioRequest.KEY);
    if (key == 0 && context(task, args.asLong(0)).cancel(object)) {
      // The event tells of the end.
      throw LinuxException.of(Errno.EINPROGRESS);
    }
    throw LinuxException.of(Errno.EINVAL);
  }

  /** io_getevents(ctx_id, min_nr, nr, events, timeout). */
  public static long getevents(Task task, SyscallArguments args) {
    long count = events(task, args);
    if (count < 0) {
      throw LinuxException.of(Errno.EINTR);
    }
    return count;
  }

  /** io_pgetevents(ctx_id, min_nr, nr, events, timeout, usig). */
  public static long pgetevents(Task task, SyscallArguments args) {
    if (args.asLong(5) != 0) {
      MemorySegment mask = task.scratch(2L * POINTER_BYTE_COUNT);
      task.copyInFully(args.asLong(5), mask);
      TemporaryMask.begin(task, mask.get(JAVA_LONG_UNALIGNED, 0), mask.get(JAVA_LONG_UNALIGNED, 8));
    }
    long count = 0;
    try {
      count = events(task, args);
    } finally {
      TemporaryMask.end(task, count < 0);
    }
    if (count < 0) {
      throw SyscallRestart.IF_NO_HANDLER;
    }
    return count;
  }

  /** Takes events; returns their count, or -1 if a signal came before the first one. */
  private static long events(Task task, SyscallArguments args) {
    long minimum = args.asLong(1);
    long most = args.asLong(2);
    long deadline = deadline(task, args.asLong(4));
    AioContext context = context(task, args.asLong(0));
    if (minimum < 0 || minimum > most) {
      throw LinuxException.of(Errno.EINVAL);
    }
    EventCopier copier = new EventCopier(task, args.asLong(3));
    int taken = take(context, most, copier);
    if (taken >= minimum || deadline == Long.MIN_VALUE) {
      return taken;
    }
    Runnable listener = task.blocking()::wake;
    context.addListener(listener);
    try {
      Outcome outcome = Outcome.READY;
      while (taken < minimum && outcome == Outcome.READY && !context.isDead()) {
        outcome = task.blocking().until(() -> context.pending() > 0 || context.isDead(), deadline);
        taken += take(context, most - taken, copier);
      }
      return outcome == Outcome.INTERRUPTED && taken == 0 ? -1 : taken;
    } finally {
      context.removeListener(listener);
    }
  }

  private static int take(AioContext context, long most, EventCopier copier) {
    return context.drain((int) Math.min(most, Integer.MAX_VALUE), copier);
  }

  /** The monotonic time of a timeout; {@link Long#MIN_VALUE} for one of nothing. */
  private static long deadline(Task task, long address) {
    if (address == 0) {
      return Clocks.NEVER;
    }
    MemorySegment timeout = task.scratch(Timespec.BYTE_COUNT);
    task.copyInFully(address, timeout);
    long nanos =
        Clocks.saturatingAdd(
            saturatedNanos(timeout.get(JAVA_LONG_UNALIGNED, 0)),
            timeout.get(JAVA_LONG_UNALIGNED, 8));
    return nanos <= 0 ? Long.MIN_VALUE : Clocks.deadlineAfter(nanos);
  }

  private static long saturatedNanos(long seconds) {
    long most = Long.MAX_VALUE / Timespec.NANOSECONDS;
    return Math.clamp(seconds, -most, most) * Timespec.NANOSECONDS;
  }

  /** Copies events into an array of the program's, one after the other. */
  private static final class EventCopier implements AioContext.EventSink {
    private final Task task;
    private long address;

    EventCopier(Task task, long address) {
      this.task = task;
      this.address = address;
    }

    @Override
    public void take(AioEvent event) {
      MemorySegment struct = task.scratch(EVENT_BYTE_COUNT);
      struct.set(JAVA_LONG_UNALIGNED, 0, event.data());
      struct.set(JAVA_LONG_UNALIGNED, 8, event.object());
      struct.set(JAVA_LONG_UNALIGNED, 16, event.result());
      struct.set(JAVA_LONG_UNALIGNED, 24, event.secondResult());
      task.copyOutFully(address, struct);
      address += EVENT_BYTE_COUNT;
    }
  }
}
