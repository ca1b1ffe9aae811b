package org.usermem.kernel;

/** The platform thread of a task. */
final class TaskThread extends Thread {

  private final Task task;

  TaskThread(Task task, Runnable runner, String name) {
    super(null, runner, name, 0, false);
    this.task = task;
    setDaemon(true);
  }

  Task task() {
    return task;
  }
}
