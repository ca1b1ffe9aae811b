package org.usermem.linux.sysv;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.kernel.Task;

/** A task that waits to do operations: {@code struct sem_queue}. */
final class SemaphoreWait {
  private final Task task;
  private final List<SemaphoreOperation> operations;
  private final @Nullable UndoList undo;

  /** The operation that can't be done; guarded by the lock of the set. */
  private SemaphoreOperation blocking;

  private @Nullable Errno error;
  private volatile boolean done;

  SemaphoreWait(
      Task task,
      List<SemaphoreOperation> operations,
      @Nullable UndoList undo,
      SemaphoreOperation blocking) {
    this.task = task;
    this.operations = operations;
    this.undo = undo;
    this.blocking = blocking;
  }

  List<SemaphoreOperation> operations() {
    return operations;
  }

  @Nullable UndoList undo() {
    return undo;
  }

  int processId() {
    return task.processId();
  }

  SemaphoreOperation blocking() {
    return blocking;
  }

  void setBlocking(SemaphoreOperation operation) {
    blocking = operation;
  }

  /** Ends the wait: the operations are done, or can't be for a reason. */
  void end(@Nullable Errno reason) {
    error = reason;
    done = true;
    task.blocking().wake();
  }

  boolean isDone() {
    return done;
  }

  /** Returns why the operations were not done; null if they were. Only once it is done. */
  @Nullable Errno error() {
    return error;
  }
}
