package org.usermem.linux.procfs;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.usermem.addr.AddrRange;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.Location;
import org.usermem.io.IOOpts;
import org.usermem.kernel.MemoryUse;
import org.usermem.kernel.SchedulingAttributes;
import org.usermem.kernel.Task;
import org.usermem.kernel.limits.Resource;
import org.usermem.kernel.limits.ResourceLimit;
import org.usermem.kernel.limits.ResourceUsage;
import org.usermem.mm.MemoryManager;
import org.usermem.mm.view.ProcText;
import org.usermem.mm.view.VmaView;

/** The texts of a task's files, but for stat and status; fs/proc/base.c. */
final class TaskTexts {
  private static final int MAXIMUM_STRINGS = 4 << 20;

  /** What Linux shows at the end of every program's areas where there is that page. */
  private static final String VSYSCALL =
      "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]\n";

  private final Task task;
  private final boolean isProcess;

  TaskTexts(Task task, boolean isProcess) {
    this.task = task;
    this.isProcess = isProcess;
  }

  /** Looks at the task's address space; a task without one has an empty text. */
  private String ofMemory(Function<MemoryManager, String> text) {
    Access.check(task);
    try (MemoryUse use = task.useMemory()) {
      return text.apply(use.memory());
    } catch (LinuxException e) {
      if (e.errno() == Errno.ESRCH) {
        return "";
      }
      throw e;
    }
  }

  /** Returns the areas, with names as they are below the root of whoever looks ({@code d_path}). */
  private List<VmaView> areas(MemoryManager memory, boolean withResidency) {
    List<VmaView> areas = memory.areas(withResidency);
    Location root = Access.root(task);
    if (root.path().equals("/")) {
      return areas;
    }
    String prefix = root.path() + "/";
    return areas.stream()
        .map(each -> each.name().startsWith(prefix) ? below(each, prefix) : each)
        .toList();
  }

  private static VmaView below(VmaView area, String prefix) {
    return area.withName(area.name().substring(prefix.length() - 1));
  }

  String maps() {
    String areas = ofMemory(memory -> ProcText.maps(areas(memory, false)));
    boolean isAlive = !areas.isEmpty();
    return isAlive && task.kernel().platform().hasVsyscallPage() ? areas + VSYSCALL : areas;
  }

  String smaps() {
    return ofMemory(memory -> ProcText.smaps(areas(memory, true)));
  }

  String smapsRollup() {
    return ofMemory(memory -> ProcText.smapsRollup(memory.areas(true)));
  }

  /** What a core dump would hold by default; none is written. */
  String coreDumpFilter() {
    return ofMemory(memory -> "00000033\n");
  }

  String statm() {
    String text = ofMemory(memory -> ProcText.statm(memory.totals()));
    return text.isEmpty() ? "0 0 0 0 0 0 0\n" : text;
  }

  String commandLine() {
    try (MemoryUse use = task.useMemory()) {
      return strings(use.memory(), use.memory().image().arguments());
    } catch (LinuxException e) {
      return "";
    }
  }

  String environment() {
    return ofMemory(memory -> strings(memory, memory.image().environment()));
  }

  private static String strings(MemoryManager memory, AddrRange range) {
    int length = (int) Math.min(range.end() - range.start(), MAXIMUM_STRINGS);
    byte[] bytes = new byte[Math.max(0, length)];
    long copied;
    try {
      copied =
          memory.copyIn(
              range.start(),
              MemorySegment.ofArray(bytes),
              0,
              bytes.length,
              IOOpts.IGNORE_PERMISSIONS);
    } catch (LinuxException e) {
      return "";
    }
    return new String(bytes, 0, (int) copied, StandardCharsets.ISO_8859_1);
  }

  String auxiliaryVector() {
    Access.check(task);
    return new String(task.parts().image().auxiliaryVector(), StandardCharsets.ISO_8859_1);
  }

  String name() {
    return task.parts().name() + "\n";
  }

  void setName(String written) {
    Task caller = Task.current();
    if (caller != null && caller.processId() != task.processId()) {
      throw LinuxException.of(Errno.EINVAL);
    }
    int end = written.indexOf('\0');
    String name = end < 0 ? written : written.substring(0, end);
    task.parts().setName(name.endsWith("\n") ? name.substring(0, name.length() - 1) : name);
  }

  String limits() {
    StringBuilder text =
        new StringBuilder(
            String.format(
                "%-25s %-20s %-20s %-10s\n", "Limit", "Soft Limit", "Hard Limit", "Units"));
    for (Resource resource : Resource.values()) {
      ResourceLimit limit = task.threadGroup().limits().get(resource);
      text.append(
          String.format(
              "%-25s %-20s %-20s %-10s\n",
              resource.title(), limit(limit.current()), limit(limit.maximum()), resource.unit()));
    }
    return text.toString();
  }

  private static String limit(long value) {
    return value == ResourceLimit.INFINITY ? "unlimited" : Long.toUnsignedString(value);
  }

  String inputAndOutput() {
    ResourceUsage usage = isProcess ? task.threadGroup().usage() : task.usage();
    return "rchar: "
        + usage.bytesRead()
        + "\nwchar: "
        + usage.bytesWritten()
        + "\nsyscr: "
        + task.parts().accounting().readCalls()
        + "\nsyscw: "
        + task.parts().accounting().writeCalls()
        + "\nread_bytes: 0\nwrite_bytes: 0\ncancelled_write_bytes: 0\n";
  }

  String oomScoreAdjustment() {
    return task.threadGroup().oomScoreAdjustment() + "\n";
  }

  void setOomScoreAdjustment(String written) {
    int adjustment;
    try {
      adjustment = Integer.parseInt(written.trim());
    } catch (NumberFormatException e) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (adjustment < -1000 || adjustment > 1000) {
      throw LinuxException.of(Errno.EINVAL);
    }
    task.threadGroup().setOomScoreAdjustment(adjustment);
  }

  String personality() {
    return String.format("%08x\n", task.parts().personality());
  }

  String timerSlack() {
    return task.parts().scheduling().timerSlackNanos() + "\n";
  }

  String sched() {
    SchedulingAttributes attributes = task.parts().scheduling();
    return task.parts().name()
        + " ("
        + task.tid()
        + ", #threads: "
        + task.threadGroup().tasks().size()
        + ")\npolicy : "
        + attributes.policy()
        + "\nprio : "
        + (120 + attributes.nice())
        + "\n";
  }

  String schedulingStatistics() {
    ResourceUsage usage = task.usage();
    long run = usage.userNanos() + usage.systemNanos();
    return run + " 0 " + (usage.voluntarySwitches() + usage.involuntarySwitches()) + "\n";
  }

  String children() {
    StringBuilder text = new StringBuilder();
    task.kernel().processes().stream()
        .filter(process -> process.parentId() == task.processId())
        .forEach(process -> text.append(process.id()).append(' '));
    return text.toString();
  }

  String mounts() {
    return MountTexts.mounts(task);
  }

  String mountInfo() {
    return MountTexts.mountInfo(task);
  }

  String stat() {
    return TaskStat.text(task, isProcess);
  }

  String status() {
    return TaskStatus.text(task);
  }
}
