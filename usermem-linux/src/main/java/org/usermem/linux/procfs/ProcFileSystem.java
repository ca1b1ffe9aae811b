package org.usermem.linux.procfs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.usermem.fs.Directory;
import org.usermem.fs.FileSystemContext;
import org.usermem.fs.Inode;
import org.usermem.fs.attribute.FileType;
import org.usermem.kernel.Kernel;
import org.usermem.kernel.Task;
import org.usermem.kernel.ThreadGroup;
import org.usermem.linux.pseudo.DynamicDirectory;
import org.usermem.linux.pseudo.PseudoFileSystem;
import org.usermem.linux.pseudo.PseudoLink;
import org.usermem.linux.pseudo.PseudoOwner;
import org.usermem.linux.system.LinuxSystem;

/** /proc of one kernel. */
public final class ProcFileSystem extends PseudoFileSystem {
  private static final long MAGIC = 0x9fa0;

  /** Entries of processes stand in a listing behind all others. */
  private static final long FIRST_PROCESS = 1L << 16;

  private static final int AT_ONCE = 256;

  private final Kernel kernel;
  private final Root root;

  /** Makes the file system of a kernel. */
  public ProcFileSystem(FileSystemContext context, Kernel kernel) {
    super(context, "proc", MAGIC);
    this.kernel = kernel;
    this.root = new Root(this);
    LinuxSystem system = LinuxSystem.of(kernel);
    root.add("self", new PseudoLink(this, newNumber(), PseudoOwner.ROOT, ProcFileSystem::self));
    root.add(
        "thread-self",
        new PseudoLink(this, newNumber(), PseudoOwner.ROOT, ProcFileSystem::threadSelf));
    SystemFiles.addTo(root, this, kernel, system);
    root.add("sysvipc", SystemVTexts.directory(this, kernel));
    root.add("sys", Settings.directory(this, kernel));
  }

  private static String self() {
    Task task = Task.current();
    return task == null ? "1" : Integer.toString(task.processId());
  }

  private static String threadSelf() {
    Task task = Task.current();
    return task == null ? "1/task/1" : task.processId() + "/task/" + task.tid();
  }

  @Override
  public Directory root() {
    return root;
  }

  /** The top directory: files of the system, and a directory for each process. */
  static final class Root extends DynamicDirectory {
    private final ProcFileSystem proc;
    private final ConcurrentSkipListMap<String, Inode> files = new ConcurrentSkipListMap<>();

    private Root(ProcFileSystem proc) {
      super(proc, proc.newNumber(), 0555, PseudoOwner.ROOT);
      this.proc = proc;
    }

    void add(String name, Inode inode) {
      files.put(name, inode);
    }

    @Override
    public @Nullable Inode lookup(String name) {
      Inode file = files.get(name);
      if (file != null) {
        return file;
      }
      int tid = Numbers.parse(name);
      Task task = tid <= 0 ? null : proc.kernel.task(tid);
      return task == null ? null : new TaskDirectory(proc, task, true);
    }

    @Override
    public boolean isCurrent(String name, @Nullable Inode cached) {
      return cached instanceof TaskDirectory directory
          ? directory.isAlive()
          : cached != null && files.containsKey(name);
    }

    @Override
    protected List<Entry> entries(long position) {
      List<Entry> entries = new ArrayList<>();
      long index = 1;
      for (Map.Entry<String, Inode> each : files.entrySet()) {
        if (index >= position) {
          Inode inode = each.getValue();
          entries.add(new Entry(each.getKey(), inode.type(), inode.number(), index));
        }
        index++;
      }
      if (entries.isEmpty()) {
        for (ThreadGroup process : proc.kernel.processes()) {
          long at = FIRST_PROCESS + process.id();
          if (at >= position && entries.size() < AT_ONCE) {
            long number = TaskDirectory.number(process.id(), true);
            entries.add(new Entry(Integer.toString(process.id()), FileType.DIRECTORY, number, at));
          }
        }
      }
      return entries;
    }
  }

  /** Returns the process whose directory an inode is; null if it is none's. */
  public static @Nullable ThreadGroup processOf(Inode inode) {
    return inode instanceof TaskDirectory directory && directory.isProcess()
        ? directory.task().threadGroup()
        : null;
  }
}
