package org.usermem.linux.sysv;

import java.util.Arrays;
import org.usermem.fs.access.Capability;
import org.usermem.kernel.Task;
import org.usermem.mm.shm.IpcCaller;

/**
 * A task as the caller of System V calls.
 *
 * @param task the task
 */
public record TaskCaller(Task task) implements IpcCaller {
  @Override
  public int uid() {
    return task.credentials().users().effective();
  }

  @Override
  public int gid() {
    return task.credentials().groups().effective();
  }

  @Override
  public boolean isInGroup(int gid) {
    return task.credentials().groups().fileSystem() == gid
        || Arrays.stream(task.credentials().supplementaryGroups()).anyMatch(each -> each == gid);
  }

  @Override
  public boolean mayBypassPermissions() {
    return task.credentials().has(Capability.IPC_OWNER);
  }

  @Override
  public boolean mayAdministrate() {
    return task.credentials().has(Capability.SYS_ADMIN);
  }

  @Override
  public int pid() {
    return task.processId();
  }
}
