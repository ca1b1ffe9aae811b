package org.usermem.linux.procfs;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.Inode;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.attribute.FileType;
import org.usermem.kernel.Task;
import org.usermem.linux.pseudo.DynamicDirectory;
import org.usermem.linux.pseudo.PseudoLink;
import org.usermem.linux.pseudo.TextFile;

/** /proc/PID, or /proc/PID/task/TID: the files of a task; fs/proc/base.c. */
final class TaskDirectory extends DynamicDirectory {
  /** Inode numbers of a task's files start with the task's number. */
  private static final int NUMBER_SHIFT = 20;

  private static final int THREAD_BIT = 1 << 19;
  private static final int FIRST_FILE = 2;
  private static final String IDENTITY_MAP = "         0          0 4294967295\n";

  private final ProcFileSystem proc;
  private final Task task;
  private final TaskOwner owner;
  private final boolean isProcess;
  private final ConcurrentHashMap<String, Inode> made = new ConcurrentHashMap<>();

  /**
   * Makes the directory of a task.
   *
   * @param isProcess whether it stands for the whole process
   */
  TaskDirectory(ProcFileSystem proc, Task task, boolean isProcess) {
    super(proc, number(task.tid(), isProcess), 0555, new TaskOwner(task));
    this.proc = proc;
    this.task = task;
    this.owner = new TaskOwner(task);
    this.isProcess = isProcess;
  }

  static long number(int tid, boolean isProcess) {
    return ((long) tid << NUMBER_SHIFT) | (isProcess ? 0 : THREAD_BIT);
  }

  ProcFileSystem proc() {
    return proc;
  }

  TaskOwner owner() {
    return owner;
  }

  Task task() {
    return task;
  }

  boolean isProcess() {
    return isProcess;
  }

  @SuppressWarnings("ReferenceEquality") // numbers are given again
  boolean isAlive() {
    return task.kernel().task(task.tid()) == task;
  }

  /** ESRCH if the task has ended and somebody has waited for it ({@code get_proc_task}). */
  void requireAlive() {
    if (!isAlive()) {
      throw LinuxException.of(Errno.ESRCH);
    }
  }

  private long numberOf(int index) {
    return number() + FIRST_FILE + index;
  }

  /** One file of every task: its name, its kind, and how it is made. */
  private record Kind(
      String name, FileType type, boolean ofProcessOnly, Function<Maker, Inode> make) {}

  /** What a file is made with. */
  private record Maker(TaskDirectory directory, long number) {
    Inode text(int permissions, Function<TaskTexts, String> text) {
      return new TextFile(
          directory.proc, number, permissions, directory.owner, whileAlive(text), null);
    }

    /** A text of the address space: whoever opens it must be allowed to look into the task. */
    Inode textOfMemory(int permissions, Function<TaskTexts, String> text) {
      return new TextFile(
          directory.proc, number, permissions, directory.owner, whileAlive(text), null) {
        @Override
        public FileDescription open(OpenRequest request) {
          Access.check(directory.task);
          return super.open(request);
        }
      };
    }

    Inode writable(
        int permissions, Function<TaskTexts, String> text, Function<TaskTexts, TextFile.Writer> w) {
      TextFile.Writer writer = w.apply(texts());
      return new TextFile(
          directory.proc,
          number,
          permissions,
          directory.owner,
          whileAlive(text),
          written -> {
            directory.requireAlive();
            writer.write(written);
          });
    }

    private TaskTexts texts() {
      return new TaskTexts(directory.task, directory.isProcess);
    }

    private Supplier<String> whileAlive(Function<TaskTexts, String> text) {
      TaskTexts texts = texts();
      return () -> {
        directory.requireAlive();
        return text.apply(texts);
      };
    }

    /** The map of a user namespace, where every user is himself; it outlives the task. */
    Inode identity() {
      return new TextFile(directory.proc, number, 0444, directory.owner, () -> IDENTITY_MAP, null);
    }
  }

  private static Kind text(String name, int permissions, Function<TaskTexts, String> text) {
    return new Kind(name, FileType.REGULAR, false, maker -> maker.text(permissions, text));
  }

  private static Kind textOfMemory(String name, int permissions, Function<TaskTexts, String> text) {
    return new Kind(name, FileType.REGULAR, false, maker -> maker.textOfMemory(permissions, text));
  }

  private static Kind link(String name, TaskLink.Place place) {
    return new Kind(
        name,
        FileType.SYMBOLIC_LINK,
        false,
        maker -> new TaskLink(maker.directory, maker.number, place));
  }

  private static final List<Kind> KINDS =
      List.of(
          textOfMemory("auxv", 0400, TaskTexts::auxiliaryVector),
          text("cgroup", 0444, texts -> "0::/\n"),
          text("cmdline", 0444, TaskTexts::commandLine),
          new Kind(
              "comm",
              FileType.REGULAR,
              false,
              maker -> maker.writable(0644, TaskTexts::name, texts -> texts::setName)),
          text("coredump_filter", 0444, TaskTexts::coreDumpFilter),
          link("cwd", TaskLink.Place.WORKING_DIRECTORY),
          textOfMemory("environ", 0400, TaskTexts::environment),
          link("exe", TaskLink.Place.EXECUTABLE),
          new Kind(
              "fd", FileType.DIRECTORY, false, m -> new DescriptorDirectory(m.directory, m.number)),
          new Kind(
              "fdinfo",
              FileType.DIRECTORY,
              false,
              maker -> new DescriptorInfoDirectory(maker.directory, maker.number)),
          new Kind("gid_map", FileType.REGULAR, false, Maker::identity),
          text("io", 0400, TaskTexts::inputAndOutput),
          text("limits", 0444, TaskTexts::limits),
          text("loginuid", 0444, texts -> "4294967295"),
          textOfMemory("maps", 0444, TaskTexts::maps),
          new Kind(
              "mem", FileType.REGULAR, false, m -> new MemoryFileOfTask(m.directory, m.number)),
          text("mountinfo", 0444, TaskTexts::mountInfo),
          text("mounts", 0444, TaskTexts::mounts),
          new Kind(
              "ns", FileType.DIRECTORY, false, maker -> NamespaceLinks.directory(maker.directory)),
          text("oom_score", 0444, texts -> "0\n"),
          new Kind(
              "oom_score_adj",
              FileType.REGULAR,
              false,
              maker ->
                  maker.writable(
                      0644, TaskTexts::oomScoreAdjustment, texts -> texts::setOomScoreAdjustment)),
          text("personality", 0400, TaskTexts::personality),
          link("root", TaskLink.Place.ROOT),
          text("sched", 0444, TaskTexts::sched),
          text("schedstat", 0444, TaskTexts::schedulingStatistics),
          text("sessionid", 0444, texts -> "4294967295"),
          text("setgroups", 0444, texts -> "allow\n"),
          textOfMemory("smaps", 0444, TaskTexts::smaps),
          textOfMemory("smaps_rollup", 0444, TaskTexts::smapsRollup),
          text("stack", 0400, texts -> ""),
          text("stat", 0444, TaskTexts::stat),
          text("statm", 0444, TaskTexts::statm),
          text("status", 0444, TaskTexts::status),
          text("syscall", 0400, texts -> "running\n"),
          new Kind(
              "task",
              FileType.DIRECTORY,
              true,
              maker -> new ThreadsDirectory(maker.directory, maker.number)),
          text("timerslack_ns", 0644, TaskTexts::timerSlack),
          new Kind("uid_map", FileType.REGULAR, false, Maker::identity),
          text("wchan", 0444, texts -> "0"),
          text("children", 0444, TaskTexts::children));

  private boolean has(Kind kind) {
    if (kind.name().equals("children")) {
      return !isProcess;
    }
    return isProcess || !kind.ofProcessOnly();
  }

  @Override
  public @Nullable Inode lookup(String name) {
    requireAlive();
    Inode known = made.get(name);
    if (known != null) {
      return known;
    }
    for (int i = 0; i < KINDS.size(); i++) {
      Kind kind = KINDS.get(i);
      if (kind.name().equals(name) && has(kind)) {
        Maker maker = new Maker(this, numberOf(i));
        return made.computeIfAbsent(name, n -> kind.make().apply(maker));
      }
    }
    if (name.equals("net")) {
      return made.computeIfAbsent(
          name, n -> new PseudoLink(proc, numberOf(KINDS.size()), owner, () -> "../net"));
    }
    return null;
  }

  @Override
  @SuppressWarnings("ReferenceEquality")
  public boolean isCurrent(String name, @Nullable Inode cached) {
    return cached != null && made.get(name) == cached && isAlive();
  }

  @Override
  protected List<Entry> entries(long position) {
    if (!isAlive()) {
      throw LinuxException.of(Errno.ENOENT);
    }
    List<Entry> entries = new ArrayList<>();
    for (int i = (int) Math.max(0, position - 1); i < KINDS.size(); i++) {
      Kind kind = KINDS.get(i);
      if (has(kind)) {
        entries.add(new Entry(kind.name(), kind.type(), numberOf(i), i + 1L));
      }
    }
    return entries;
  }
}
