package org.usermem.linux.procfs;

import org.usermem.kernel.Task;
import org.usermem.linux.pseudo.PseudoOwner;

/**
 * Whose the files of a task are: its user's, or root's if nobody may look into it ({@code
 * task_dump_owner}).
 */
record TaskOwner(Task task) implements PseudoOwner {
  @Override
  public int userId() {
    return task.parts().isDumpable() ? task.credentials().users().effective() : 0;
  }

  @Override
  public int groupId() {
    return task.parts().isDumpable() ? task.credentials().groups().effective() : 0;
  }
}
