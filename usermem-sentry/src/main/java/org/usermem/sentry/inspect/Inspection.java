package org.usermem.sentry.inspect;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.usermem.addr.AddrRange;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileNames;
import org.usermem.fs.Location;
import org.usermem.fs.Mount;
import org.usermem.fs.vfs.MountNamespace;
import org.usermem.io.IOOpts;
import org.usermem.kernel.Kernel;
import org.usermem.kernel.MemoryUse;
import org.usermem.kernel.Task;
import org.usermem.kernel.ThreadGroup;
import org.usermem.mm.MemoryManager;
import org.usermem.mm.view.MemoryTotals;
import org.usermem.mm.view.VmaView;

/**
 * What is to be seen of a sentry that runs. Everything is as it was at one moment; what has ended
 * meanwhile is not there. Thread-safe.
 */
public final class Inspection {

  private static final int LONGEST_COMMAND = 4096;

  private final Kernel kernel;
  private final MountNamespace mounts;
  private final CallWatch calls;

  /**
   * Creates it.
   *
   * @param kernel what runs
   * @param mounts what is mounted
   * @param calls the system calls of the kernel
   */
  public Inspection(Kernel kernel, MountNamespace mounts, CallWatch calls) {
    this.kernel = kernel;
    this.mounts = mounts;
    this.calls = calls;
  }

  /** Returns the system calls, to be watched. */
  public CallWatch calls() {
    return calls;
  }

  /** Returns all processes. */
  public List<ProcessView> processes() {
    return kernel.processes().stream().map(Inspection::view).toList();
  }

  private static ProcessView view(ThreadGroup process) {
    Task leader = process.leader();
    MemoryTotals totals = ofMemory(leader, MemoryManager::totals).orElse(null);
    return new ProcessView(
        process.id(),
        process.parentId(),
        leader.state().letter(),
        process.tasks().size(),
        totals == null ? 0 : totals.virtual(),
        totals == null ? 0 : totals.resident(),
        ofMemory(leader, Inspection::commandLine)
            .filter(text -> !text.isEmpty())
            .orElseGet(() -> "[" + leader.parts().name() + "]"));
  }

  private static String commandLine(MemoryManager memory) {
    AddrRange range = memory.image().arguments();
    byte[] bytes = new byte[Math.clamp(range.end() - range.start(), 0, LONGEST_COMMAND)];
    long copied =
        bytes.length == 0
            ? 0
            : memory.copyIn(
                range.start(),
                MemorySegment.ofArray(bytes),
                0,
                bytes.length,
                IOOpts.IGNORE_PERMISSIONS);
    String text = new String(bytes, 0, (int) copied, StandardCharsets.UTF_8);
    return printable(text.replace('\0', ' ').strip());
  }

  /** A program chooses its own words: they must not talk to a terminal. */
  private static String printable(String text) {
    StringBuilder printable = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> Character.isISOControl(c) ? '?' : c)
        .forEach(printable::appendCodePoint);
    return printable.toString();
  }

  private static <T> Optional<T> ofMemory(Task task, Function<MemoryManager, T> question) {
    try (MemoryUse use = task.useMemory()) {
      return Optional.of(question.apply(use.memory()));
    } catch (LinuxException e) {
      return Optional.empty();
    }
  }

  private <T> Optional<T> ofProcess(int pid, Function<MemoryManager, T> question) {
    ThreadGroup process = kernel.process(pid);
    return process == null ? Optional.empty() : ofMemory(process.leader(), question);
  }

  /**
   * Returns the areas of an address space.
   *
   * @param pid the process
   * @param withResidency whether to count resident pages, which takes time
   * @return the areas; nothing if there is no such process, or it has no memory any more
   */
  public Optional<List<VmaView>> areas(int pid, boolean withResidency) {
    return ofProcess(pid, memory -> memory.areas(withResidency));
  }

  /**
   * Looks which pages are resident.
   *
   * @param pid the process
   * @param start the first address, of a page
   * @param pages how many pages
   * @return a byte a page, 1 where it is there; nothing if not all of it is mapped
   */
  public Optional<byte[]> residency(int pid, long start, int pages) {
    byte[] residency = new byte[pages];
    return ofProcess(
        pid,
        memory -> {
          memory.mincore(start, residency);
          return residency;
        });
  }

  /**
   * Reads memory of a program, whatever its protection.
   *
   * @param pid the process
   * @param address where
   * @param byteCount how many bytes
   * @return the bytes, fewer where memory ends; nothing if none can be read
   */
  public Optional<byte[]> peek(int pid, long address, int byteCount) {
    byte[] bytes = new byte[byteCount];
    return ofProcess(
            pid,
            memory ->
                memory.copyIn(
                    address, MemorySegment.ofArray(bytes), 0, byteCount, IOOpts.IGNORE_PERMISSIONS))
        .map(copied -> Arrays.copyOf(bytes, Math.toIntExact(copied)));
  }

  /** Returns all mounts that can be reached from the root. */
  public List<MountView> mounts() {
    List<MountView> views = new ArrayList<>();
    for (Mount mount : mounts.mounts()) {
      String path = new Location(mount, mount.root()).pathFrom(mounts.root());
      if (path != null) {
        views.add(
            new MountView(
                unicode(path),
                unicode(mount.source()),
                mount.fileSystem().typeName(),
                options(mount)));
      }
    }
    return views;
  }

  /**
   * Returns a name of a program as text that can be shown.
   *
   * @param name one char a byte
   */
  public static String unicode(String name) {
    String text = FileNames.toUnicode(name);
    return printable(text == null ? name : text);
  }

  private static String options(Mount mount) {
    String own = mount.fileSystem().options();
    return (mount.has(Mount.READ_ONLY) || mount.fileSystem().isReadOnly() ? "ro" : "rw")
        + (mount.has(Mount.NO_SET_ID) ? ",nosuid" : "")
        + (mount.has(Mount.NO_DEVICES) ? ",nodev" : "")
        + (mount.has(Mount.NO_EXECUTE) ? ",noexec" : "")
        + (own.isEmpty() ? "" : "," + printable(own));
  }

  /**
   * Returns the process that a task belongs to.
   *
   * @param tid the task
   * @return the process; 0 if the task has gone
   */
  public int processOf(int tid) {
    Task task = kernel.task(tid);
    return task == null ? 0 : task.processId();
  }
}
