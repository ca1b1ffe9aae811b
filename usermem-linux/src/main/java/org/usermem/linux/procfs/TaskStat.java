package org.usermem.linux.procfs;

import org.usermem.addr.AddrRange;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.Kernel;
import org.usermem.kernel.MemoryUse;
import org.usermem.kernel.ProcessGroup;
import org.usermem.kernel.SchedulingAttributes;
import org.usermem.kernel.Session;
import org.usermem.kernel.Task;
import org.usermem.kernel.ThreadGroup;
import org.usermem.kernel.limits.Resource;
import org.usermem.kernel.limits.ResourceUsage;
import org.usermem.linux.tty.Terminal;
import org.usermem.mm.MemoryManager;
import org.usermem.mm.ProgramImage;
import org.usermem.mm.view.MemoryTotals;

/** /proc/PID/stat: 52 fields in one line; {@code do_task_stat} of fs/proc/array.c. */
final class TaskStat {
  private static final int PTS_MAJOR = 136;
  private static final int PF_FORKNOEXEC = 0x40;
  private static final int SIGCHLD = 17;

  private TaskStat() {}

  /** What of the address space is shown. */
  private record Memory(long virtual, long residentPages, ProgramImage image) {
    static final Memory NONE = new Memory(0, 0, ProgramImage.UNKNOWN);

    static Memory of(Task task) {
      try (MemoryUse use = task.useMemory()) {
        MemoryManager memory = use.memory();
        MemoryTotals totals = memory.totals();
        return new Memory(totals.virtual(), totals.resident() / 4096, memory.image());
      } catch (LinuxException e) {
        return NONE;
      }
    }
  }

  static String text(Task task, boolean isProcess) {
    ThreadGroup group = task.threadGroup();
    ResourceUsage usage = isProcess ? group.usage() : task.usage();
    ResourceUsage children = group.childrenUsage();
    SchedulingAttributes scheduling = task.parts().scheduling();
    Memory memory = Memory.of(task);
    AddrRange code = memory.image.code();
    AddrRange data = memory.image.data();
    AddrRange arguments = memory.image.arguments();
    AddrRange environment = memory.image.environment();
    Fields fields = new Fields();
    fields.add(task.tid()).add("(" + task.parts().name() + ")");
    fields.add(String.valueOf(task.state().letter()));
    fields.add(group.parentId()).add(group.processGroup().id()).add(group.session().id());
    addTerminal(fields, group.session());
    fields.add(PF_FORKNOEXEC);
    fields.add(usage.minorFaults()).add(children.minorFaults());
    fields.add(usage.majorFaults()).add(children.majorFaults());
    fields.add(ticks(usage.userNanos())).add(ticks(usage.systemNanos()));
    fields.add(ticks(children.userNanos())).add(ticks(children.systemNanos()));
    fields.add(priority(scheduling)).add(scheduling.nice());
    fields.add(group.tasks().size()).add(0);
    fields.add(ticks(task.startNanos())).add(memory.virtual).add(memory.residentPages);
    fields.add(Long.toUnsignedString(group.limits().current(Resource.RSS)));
    fields.add(code.start()).add(code.end()).add(memory.image.stackStart());
    fields.add(0).add(0);
    fields.add(task.signals().ownPendingSet() & 0x7fffffff);
    fields.add(task.signals().mask() & 0x7fffffff);
    fields.add(TaskStatus.ignored(task) & 0x7fffffff);
    fields.add(TaskStatus.caught(task) & 0x7fffffff);
    fields.add(0).add(0).add(0).add(SIGCHLD).add(0);
    fields.add(isRealTime(scheduling) ? scheduling.priority() : 0).add(scheduling.policy());
    fields.add(0).add(0).add(0);
    fields.add(data.start()).add(data.end()).add(data.end());
    fields.add(arguments.start()).add(arguments.end());
    fields.add(environment.start()).add(environment.end());
    return fields.add(0).line();
  }

  private static void addTerminal(Fields fields, Session session) {
    if (session.terminal() instanceof Terminal terminal) {
      ProcessGroup foreground = session.foreground();
      fields.add((PTS_MAJOR << 8) | (terminal.number() & 0xff));
      fields.add(foreground == null ? -1 : foreground.id());
    } else {
      fields.add(0).add(-1);
    }
  }

  private static boolean isRealTime(SchedulingAttributes scheduling) {
    return scheduling.policy() == 1 || scheduling.policy() == 2;
  }

  private static int priority(SchedulingAttributes scheduling) {
    return isRealTime(scheduling) ? -1 - scheduling.priority() : 20 + scheduling.nice();
  }

  private static long ticks(long nanos) {
    return nanos / Kernel.NANOS_PER_TICK;
  }

  /** Fields with a blank between them. */
  private static final class Fields {
    private final StringBuilder text = new StringBuilder(320);

    Fields add(String field) {
      if (!text.isEmpty()) {
        text.append(' ');
      }
      text.append(field);
      return this;
    }

    Fields add(long field) {
      return add(Long.toString(field));
    }

    String line() {
      return text.append('\n').toString();
    }
  }
}
