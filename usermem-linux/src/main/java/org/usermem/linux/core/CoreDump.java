package org.usermem.linux.core;

import java.util.ArrayList;
import java.util.List;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.RegularFile;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.vfs.PathContext;
import org.usermem.kernel.CoreState;
import org.usermem.kernel.Task;
import org.usermem.kernel.limits.Resource;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.linux.path.Paths;
import org.usermem.linux.system.LinuxSystem;
import org.usermem.mm.MemoryManager;
import org.usermem.mm.view.VmaView;

/**
 * Writes the file {@code core} to a task's working directory: {@code do_coredump} and {@code
 * elf_core_dump} of Linux. Memory is read past its protections; pages that the program never
 * touched are holes of the file.
 */
public final class CoreDump {

  /** What {@code /proc/sys/kernel/core_pattern} says. */
  private static final String NAME = "core";

  private static final long PAGE = 4096;

  private CoreDump() {}

  /**
   * Dumps a task's process if its limit and its attributes allow that.
   *
   * @param task the task, on its own thread
   * @param info the signal that ends it
   * @param state the other threads, which are asked to wait if there is a dump
   * @return whether there is a dump, perhaps cut at the limit or where space ran out
   */
  public static boolean write(Task task, SignalInfo info, CoreState state) {
    long limit = task.threadGroup().limits().current(Resource.CORE);
    boolean tooSmall = limit >= 0 && limit < PAGE;
    if (tooSmall || !task.parts().isDumpable()) {
      return false;
    }
    try {
      return writeFile(task, info, state, limit < 0 ? Long.MAX_VALUE : limit);
    } catch (LinuxException e) {
      // No room, no right, no directory: the process ends without one, as on Linux.
      return false;
    }
  }

  private static boolean writeFile(Task task, SignalInfo info, CoreState state, long limit) {
    PathContext context = Paths.context(task);
    FileDescription file =
        LinuxSystem.of(task)
            .vfs()
            .open(
                context,
                context.workingDirectory(),
                NAME,
                OpenFlags.CREATE
                    | OpenFlags.READ_WRITE
                    | OpenFlags.NO_FOLLOW
                    | OpenFlags.NON_BLOCKING,
                0600,
                0);
    try {
      // A file of somebody else, or one with other names, is left alone.
      if (!(file.inode() instanceof RegularFile regular)
          || regular.linkCount() > 1
          || regular.userId() != context.credentials().userId()) {
        return false;
      }
      file.truncate(0, TransferOptions.DEFAULT);
      byte[] notes = CoreNotes.of(task, info, state.awaitOthers());
      CoreFile core = new CoreFile(file, task.memoryManager(), limit);
      try {
        core.write(notes, segments(task.memoryManager()));
      } catch (LinuxException e) {
        // What there was room for is a dump all the same.
      }
      return true;
    } finally {
      file.decRef();
    }
  }

  private static List<CoreSegment> segments(MemoryManager memory) {
    List<CoreSegment> segments = new ArrayList<>();
    for (VmaView area : memory.areas(true)) {
      segments.add(new CoreSegment(area, dumpedByteCount(memory, area)));
    }
    return segments;
  }

  /** Follows {@code vma_dump_size} with the usual filter, 0x33. */
  private static long dumpedByteCount(MemoryManager memory, VmaView area) {
    if (area.name().equals("[vdso]")) {
      return area.byteCount();
    }
    if (area.isShared()) {
      return isOfFile(area) ? 0 : area.byteCount();
    }
    if (!isOfFile(area) || area.residency().anonymous() > 0) {
      return area.residency().total() > 0 ? area.byteCount() : 0;
    }
    return area.offset() == 0 && CoreFile.startsWithElfHeader(memory, area) ? PAGE : 0;
  }

  /** Returns whether a file that still has a name is mapped; memory that is shared has none. */
  static boolean isOfFile(VmaView area) {
    return area.inodeId() != 0 && !area.name().endsWith(" (deleted)");
  }
}
