package org.usermem.linux.strace;

import java.lang.foreign.MemorySegment;
import org.usermem.errno.LinuxException;
import org.usermem.io.IOOpts;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.SyscallRestart;
import org.usermem.kernel.SyscallTable;
import org.usermem.kernel.Task;

/** A table of system calls that shows each call of another table. Thread-safe. */
public final class CallTracer implements SyscallTable {
  /** Where lines go. Called by many threads. */
  @FunctionalInterface
  public interface Output {
    /**
     * Takes a line.
     *
     * @param tid the task that made the call
     * @param line the line, without its end
     */
    void line(int tid, String line);
  }

  private static final int ARGUMENT_COUNT = 6;
  private static final int EXIT = 60;
  private static final int EXIT_GROUP = 231;

  private final SyscallTable table;
  private final Output output;
  private final CallPrinter printer = new CallPrinter(new CallTable());

  /** Makes a tracer of a table's calls. */
  public CallTracer(SyscallTable table, Output output) {
    this.table = table;
    this.output = output;
  }

  @Override
  public long invoke(Task task, int number, SyscallArguments arguments) {
    long[] values = new long[ARGUMENT_COUNT];
    for (int i = 0; i < ARGUMENT_COUNT; i++) {
      values[i] = arguments.asLong(i);
    }
    CallPrinter.Pending call = printer.entered(number, values, memoryOf(task));
    if (number == EXIT || number == EXIT_GROUP) {
      output.line(task.tid(), call.unfinished());
    }
    try {
      long result = table.invoke(task, number, arguments);
      show(task, number, call, result);
      return result;
    } catch (LinuxException e) {
      show(task, number, call, -e.errno().number());
      throw e;
    } catch (SyscallRestart e) {
      output.line(task.tid(), call.unfinished() + " " + e.getMessage());
      throw e;
    }
  }

  private void show(Task task, int number, CallPrinter.Pending call, long result) {
    if (number != EXIT && number != EXIT_GROUP) {
      output.line(task.tid(), call.finished(result, memoryOf(task)));
    }
  }

  private static ProgramMemory memoryOf(Task task) {
    return (address, destination) -> copyIn(task, address, destination);
  }

  private static long copyIn(Task task, long address, MemorySegment destination) {
    try {
      return task.memoryManager().copyIn(address, destination, IOOpts.DEFAULT);
    } catch (LinuxException e) {
      return 0;
    }
  }
}
