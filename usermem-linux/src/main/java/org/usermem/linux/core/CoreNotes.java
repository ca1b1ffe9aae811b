package org.usermem.linux.core;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.usermem.addr.Addr;
import org.usermem.addr.AddrRange;
import org.usermem.errno.LinuxException;
import org.usermem.io.IOOpts;
import org.usermem.kernel.CoreState;
import org.usermem.kernel.Task;
import org.usermem.kernel.ThreadGroup;
import org.usermem.kernel.identity.UserIds;
import org.usermem.kernel.limits.ResourceUsage;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.mm.view.VmaView;
import org.usermem.platform.Registers;

/** The notes of a dump: registers, process, signal, auxiliary vector, mapped files. */
final class CoreNotes {

  private static final int NT_PRSTATUS = 1;
  private static final int NT_FPREGSET = 2;
  private static final int NT_PRPSINFO = 3;
  private static final int NT_AUXV = 6;
  private static final int NT_SIGINFO = 0x5349_4749;
  private static final int NT_FILE = 0x4649_4c45;
  private static final int NT_X86_XSTATE = 0x202;

  private static final int STATUS_BYTE_COUNT = 336;
  private static final int REGISTERS_AT = 112;
  private static final int FLOATING_POINT_VALID_AT = REGISTERS_AT + Registers.BYTE_COUNT;
  private static final int PROCESS_BYTE_COUNT = 136;
  private static final int ARGUMENTS_BYTE_COUNT = 80;
  private static final int LEGACY_FLOATING_POINT_BYTE_COUNT = 512;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private CoreNotes() {}

  /**
   * Returns the bytes of all notes.
   *
   * @param task the task that a signal ends, whose notes come first
   * @param info the signal
   * @param others the other tasks of its process
   */
  static byte[] of(Task task, SignalInfo info, List<CoreState.Waiting> others) {
    CoreNotes notes = new CoreNotes();
    notes.add("CORE", NT_PRSTATUS, status(task, info));
    notes.add("CORE", NT_PRPSINFO, process(task));
    MemorySegment signal = MemorySegment.ofArray(new byte[SignalInfo.BYTE_COUNT]);
    info.encode(signal);
    notes.add("CORE", NT_SIGINFO, signal);
    notes.add(
        "CORE", NT_AUXV, MemorySegment.ofArray(task.parts().image().auxiliaryVector().clone()));
    notes.add("CORE", NT_FILE, files(task.memoryManager().areas(false)));
    MemorySegment floatingPoint =
        MemorySegment.ofArray(new byte[task.context().floatingPointByteCount()]);
    task.context().saveFloatingPoint(floatingPoint);
    notes.addFloatingPoint(floatingPoint);
    for (CoreState.Waiting other : others) {
      notes.add("CORE", NT_PRSTATUS, status(other.task(), info));
      if (other.floatingPoint() != null) {
        notes.addFloatingPoint(other.floatingPoint());
      }
    }
    return notes.bytes.toByteArray();
  }

  private void addFloatingPoint(MemorySegment state) {
    add("CORE", NT_FPREGSET, state.asSlice(0, LEGACY_FLOATING_POINT_BYTE_COUNT));
    add("LINUX", NT_X86_XSTATE, state);
  }

  /** Adds a note: three words, the name and the bytes, each filled up to four. */
  private void add(String name, int type, MemorySegment content) {
    byte[] body = content.toArray(JAVA_BYTE);
    MemorySegment head = MemorySegment.ofArray(new byte[20]);
    head.set(JAVA_INT_UNALIGNED, 0, name.length() + 1);
    head.set(JAVA_INT_UNALIGNED, 4, body.length);
    head.set(JAVA_INT_UNALIGNED, 8, type);
    putText(head.asSlice(12), name);
    bytes.writeBytes(head.toArray(JAVA_BYTE));
    bytes.writeBytes(body);
    bytes.writeBytes(new byte[-body.length & 3]);
  }

  private static void putText(MemorySegment to, String text) {
    byte[] encoded = text.getBytes(StandardCharsets.ISO_8859_1);
    long count = Math.min(encoded.length, to.byteSize());
    MemorySegment.copy(encoded, 0, to, JAVA_BYTE, 0, (int) count);
  }

  /** {@code struct elf_prstatus}. */
  private static MemorySegment status(Task task, SignalInfo info) {
    MemorySegment to = MemorySegment.ofArray(new byte[STATUS_BYTE_COUNT]);
    ThreadGroup group = task.threadGroup();
    to.set(JAVA_INT_UNALIGNED, 0, info.signo());
    to.set(JAVA_SHORT_UNALIGNED, 12, (short) info.signo());
    to.set(JAVA_LONG_UNALIGNED, 16, task.signals().ownPendingSet());
    to.set(JAVA_LONG_UNALIGNED, 24, task.signals().mask());
    putIds(to.asSlice(32), task.tid(), group);
    ResourceUsage own = task.usage();
    ResourceUsage children = group.childrenUsage();
    putTime(to.asSlice(48), own.userNanos());
    putTime(to.asSlice(64), own.systemNanos());
    putTime(to.asSlice(80), children.userNanos());
    putTime(to.asSlice(96), children.systemNanos());
    task.registers().writeTo(to.asSlice(REGISTERS_AT));
    to.set(JAVA_INT_UNALIGNED, FLOATING_POINT_VALID_AT, 1);
    return to;
  }

  private static void putIds(MemorySegment to, int id, ThreadGroup group) {
    to.set(JAVA_INT_UNALIGNED, 0, id);
    to.set(JAVA_INT_UNALIGNED, 4, group.parentId());
    to.set(JAVA_INT_UNALIGNED, 8, group.processGroup().id());
    to.set(JAVA_INT_UNALIGNED, 12, group.session().id());
  }

  private static void putTime(MemorySegment to, long nanos) {
    to.set(JAVA_LONG_UNALIGNED, 0, nanos / 1_000_000_000);
    to.set(JAVA_LONG_UNALIGNED, 8, nanos % 1_000_000_000 / 1000);
  }

  /** {@code struct elf_prpsinfo}. */
  private static MemorySegment process(Task task) {
    MemorySegment to = MemorySegment.ofArray(new byte[PROCESS_BYTE_COUNT]);
    UserIds users = task.credentials().users();
    to.set(JAVA_BYTE, 1, (byte) 'R');
    to.set(JAVA_BYTE, 3, (byte) task.parts().scheduling().nice());
    to.set(JAVA_INT_UNALIGNED, 16, users.real());
    to.set(JAVA_INT_UNALIGNED, 20, task.credentials().groups().real());
    putIds(to.asSlice(24), task.processId(), task.threadGroup());
    putText(to.asSlice(40, 15), task.parts().name());
    MemorySegment arguments = to.asSlice(56, ARGUMENTS_BYTE_COUNT);
    copyArguments(task, arguments.asSlice(0, ARGUMENTS_BYTE_COUNT - 1));
    return to;
  }

  private static void copyArguments(Task task, MemorySegment to) {
    AddrRange range = task.memoryManager().image().arguments();
    long count = Math.min(to.byteSize(), range.byteCount());
    try {
      count = task.memoryManager().copyIn(range.start(), to, 0, count, IOOpts.IGNORE_PERMISSIONS);
    } catch (LinuxException e) {
      return;
    }
    for (long at = 0; at < count - 1; at++) {
      if (to.get(JAVA_BYTE, at) == 0) {
        to.set(JAVA_BYTE, at, (byte) ' ');
      }
    }
  }

  /** {@code fill_files_note}: counts, then a range and a page of each file, then the names. */
  private static MemorySegment files(List<VmaView> areas) {
    List<VmaView> ofFiles = new ArrayList<>();
    StringBuilder names = new StringBuilder();
    for (VmaView area : areas) {
      if (area.inodeId() != 0 && area.name().startsWith("/")) {
        ofFiles.add(area);
        names.append(area.name()).append('\0');
      }
    }
    MemorySegment to = MemorySegment.ofArray(new byte[16 + 24 * ofFiles.size() + names.length()]);
    to.set(JAVA_LONG_UNALIGNED, 0, ofFiles.size());
    to.set(JAVA_LONG_UNALIGNED, 8, Addr.PAGE_SIZE);
    long at = 16;
    for (VmaView area : ofFiles) {
      to.set(JAVA_LONG_UNALIGNED, at, area.start());
      to.set(JAVA_LONG_UNALIGNED, at + 8, area.end());
      to.set(JAVA_LONG_UNALIGNED, at + 16, area.offset() >>> Addr.PAGE_SHIFT);
      at += 24;
    }
    putText(to.asSlice(at), names.toString());
    return to;
  }
}
