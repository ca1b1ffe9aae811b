package org.usermem.sentry.inspect;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.SyscallTable;
import org.usermem.kernel.Task;
import org.usermem.linux.strace.CallTracer;

/**
 * System calls that can be watched while programs make them; while nobody does, that costs a look
 * at one field. Thread-safe.
 */
public final class CallWatch implements SyscallTable {

  private final SyscallTable calls;
  private final List<CallTracer.Output> watchers = new ArrayList<>(); // guarded by this
  private volatile @Nullable SyscallTable watched;

  /**
   * Creates it.
   *
   * @param calls what serves the calls
   */
  public CallWatch(SyscallTable calls) {
    this.calls = calls;
  }

  @Override
  public long invoke(Task task, int number, SyscallArguments arguments) {
    SyscallTable current = watched;
    return (current == null ? calls : current).invoke(task, number, arguments);
  }

  /**
   * Has somebody told of each call that begins from now on.
   *
   * @param watcher is called by the tasks that make calls
   */
  public synchronized void add(CallTracer.Output watcher) {
    watchers.add(watcher);
    update();
  }

  /**
   * Undoes {@link #add}; calls that have begun may still be told of.
   *
   * @param watcher the watcher
   */
  public synchronized void remove(CallTracer.Output watcher) {
    watchers.remove(watcher);
    update();
  }

  private void update() {
    List<CallTracer.Output> now = List.copyOf(watchers);
    watched =
        now.isEmpty()
            ? null
            : new CallTracer(calls, (tid, line) -> now.forEach(each -> each.line(tid, line)));
  }
}
