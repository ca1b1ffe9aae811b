package org.usermem.linux.procfs;

import java.util.BitSet;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.MemoryUse;
import org.usermem.kernel.SyscallFilter;
import org.usermem.kernel.Task;
import org.usermem.kernel.ThreadGroup;
import org.usermem.kernel.identity.CapabilitySets;
import org.usermem.kernel.identity.TaskCredentials;
import org.usermem.kernel.identity.UserIds;
import org.usermem.kernel.limits.Resource;
import org.usermem.kernel.limits.ResourceUsage;
import org.usermem.kernel.signal.SignalAction;
import org.usermem.kernel.signal.SignalSet;
import org.usermem.kernel.signal.Signals;
import org.usermem.mm.view.ProcText;

/** /proc/PID/status; {@code proc_pid_status} of fs/proc/array.c. */
final class TaskStatus {
  private TaskStatus() {}

  static String text(Task task) {
    ThreadGroup group = task.threadGroup();
    TaskCredentials credentials = task.credentials();
    StringBuilder text = new StringBuilder(1400);
    text.append("Name:\t").append(task.parts().name()).append('\n');
    text.append("Umask:\t").append(String.format("%04o", task.fsContext().umask())).append('\n');
    text.append("State:\t").append(task.state().letter());
    text.append(" (").append(task.state().description()).append(")\n");
    line(text, "Tgid", group.id());
    line(text, "Ngid", 0);
    line(text, "Pid", task.tid());
    line(text, "PPid", group.parentId());
    line(text, "TracerPid", task.tracerId());
    ids(text, "Uid", credentials.users());
    ids(text, "Gid", credentials.groups());
    line(text, "FDSize", task.files().capacity());
    text.append("Groups:\t");
    for (int each : credentials.supplementaryGroups()) {
      text.append(Integer.toUnsignedString(each)).append(' ');
    }
    text.append('\n');
    line(text, "NStgid", group.id());
    line(text, "NSpid", task.tid());
    line(text, "NSpgid", group.processGroup().id());
    line(text, "NSsid", group.session().id());
    line(text, "Kthread", 0);
    memory(text, task);
    line(text, "CoreDumping", 0);
    line(text, "THP_enabled", 1);
    line(text, "untag_mask", "0xffffffffffffffff");
    line(text, "Threads", group.tasks().size());
    long limit = group.limits().current(Resource.SIGPENDING);
    line(text, "SigQ", "0/" + Long.toUnsignedString(limit));
    set(text, "SigPnd", task.signals().ownPendingSet());
    set(text, "ShdPnd", group.pendingSet());
    set(text, "SigBlk", task.signals().mask());
    set(text, "SigIgn", ignored(task));
    set(text, "SigCgt", caught(task));
    capabilities(text, credentials.capabilities());
    line(text, "NoNewPrivs", task.parts().hasNoNewPrivileges() ? 1 : 0);
    SyscallFilter filter = task.parts().syscallFilter();
    line(text, "Seccomp", filter == null ? 0 : filter.mode());
    line(text, "Seccomp_filters", filter == null ? 0 : filter.filterCount());
    line(text, "Speculation_Store_Bypass", "vulnerable");
    processors(text, task);
    ResourceUsage usage = task.usage();
    line(text, "voluntary_ctxt_switches", usage.voluntarySwitches());
    line(text, "nonvoluntary_ctxt_switches", usage.involuntarySwitches());
    return text.toString();
  }

  private static void line(StringBuilder text, String name, long value) {
    line(text, name, Long.toString(value));
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(name).append(":\t").append(value).append('\n');
  }

  private static void set(StringBuilder text, String name, long set) {
    line(text, name, String.format("%016x", set));
  }

  private static void ids(StringBuilder text, String name, UserIds ids) {
    line(
        text,
        name,
        Integer.toUnsignedString(ids.real())
            + "\t"
            + Integer.toUnsignedString(ids.effective())
            + "\t"
            + Integer.toUnsignedString(ids.saved())
            + "\t"
            + Integer.toUnsignedString(ids.fileSystem()));
  }

  private static void memory(StringBuilder text, Task task) {
    try (MemoryUse use = task.useMemory()) {
      text.append(ProcText.status(use.memory().totals()));
    } catch (LinuxException e) {
      // A task that has ended shows no memory.
      return;
    }
  }

  private static void capabilities(StringBuilder text, CapabilitySets sets) {
    set(text, "CapInh", sets.inheritable());
    set(text, "CapPrm", sets.permitted());
    set(text, "CapEff", sets.effective());
    set(text, "CapBnd", sets.bounding());
    set(text, "CapAmb", sets.ambient());
  }

  private static void processors(StringBuilder text, Task task) {
    BitSet affinity = task.parts().affinity();
    line(text, "Cpus_allowed", CpuLists.mask(affinity));
    line(text, "Cpus_allowed_list", CpuLists.list(affinity));
    line(text, "Mems_allowed", "1");
    line(text, "Mems_allowed_list", "0");
  }

  /** The signals that the process ignores. */
  static long ignored(Task task) {
    long set = SignalSet.EMPTY;
    for (int signo = 1; signo <= Signals.LAST; signo++) {
      if (task.signals().action(signo).isIgnore()) {
        set |= SignalSet.bit(signo);
      }
    }
    return set;
  }

  /** The signals that the process has handlers for. */
  static long caught(Task task) {
    long set = SignalSet.EMPTY;
    for (int signo = 1; signo <= Signals.LAST; signo++) {
      SignalAction action = task.signals().action(signo);
      if (!action.isIgnore() && !action.isDefault()) {
        set |= SignalSet.bit(signo);
      }
    }
    return set;
  }
}
