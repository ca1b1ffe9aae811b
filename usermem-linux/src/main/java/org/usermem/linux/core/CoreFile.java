package org.usermem.linux.core;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.usermem.addr.AccessType;
import org.usermem.addr.Addr;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.TransferOptions;
import org.usermem.io.IOOpts;
import org.usermem.mm.MemoryManager;
import org.usermem.mm.view.VmaView;
import org.usermem.sequence.Source;

/** An ELF file of type ET_CORE under construction: headers, notes, memory. */
final class CoreFile {

  private static final int ELF_MAGIC = 0x464c457f;
  private static final int HEADER_BYTE_COUNT = 64;
  private static final int PROGRAM_HEADER_BYTE_COUNT = 56;
  private static final int PT_LOAD = 1;
  private static final int PT_NOTE = 4;

  /** Pages that are asked for at once whether they are there: areas may be large and empty. */
  private static final int CHUNK_PAGES = 4096;

  private static final long PAGE = Addr.PAGE_SIZE;

  private final FileDescription file;
  private final MemoryManager memory;
  private final long limit;
  private final byte[] residency = new byte[CHUNK_PAGES];
  private final MemorySegment pageBytes = MemorySegment.ofArray(new byte[(int) PAGE]);

  /**
   * Begins a file.
   *
   * @param file where it goes, empty
   * @param limit the most bytes that it may have
   */
  CoreFile(FileDescription file, MemoryManager memory, long limit) {
    this.file = file;
    this.memory = memory;
    this.limit = limit;
  }

  /** Returns whether a mapping is that of a program or library from its start. */
  static boolean startsWithElfHeader(MemoryManager memory, VmaView area) {
    try {
      return memory.loadInt(area.start(), IOOpts.IGNORE_PERMISSIONS) == ELF_MAGIC;
    } catch (LinuxException e) {
      return false;
    }
  }

  /**
   * Writes all of it, up to the limit.
   *
   * @param notes the bytes of the notes
   * @throws LinuxException what the file says
   */
  void write(byte[] notes, List<CoreSegment> segments) {
    int headersEnd = HEADER_BYTE_COUNT + PROGRAM_HEADER_BYTE_COUNT * (segments.size() + 1);
    long data = Addr.pageRoundUp(headersEnd + notes.length);
    MemorySegment headers = MemorySegment.ofArray(new byte[headersEnd]);
    putHeader(headers, segments.size() + 1);
    putNoteHeader(headers.asSlice(HEADER_BYTE_COUNT), headersEnd, notes.length);
    long offset = data;
    for (int index = 0; index < segments.size(); index++) {
      CoreSegment segment = segments.get(index);
      long at = HEADER_BYTE_COUNT + PROGRAM_HEADER_BYTE_COUNT * (index + 1L);
      putLoadHeader(headers.asSlice(at), segment, offset);
      offset += segment.byteCount();
    }
    emit(0, headers);
    emit(headersEnd, MemorySegment.ofArray(notes));
    long end = Math.min(offset, limit);
    offset = data;
    for (CoreSegment segment : segments) {
      copy(segment, offset);
      offset += segment.byteCount();
    }
    if (file.attributes().byteSize() < end) {
      file.truncate(end, TransferOptions.DEFAULT);
    }
  }

  private static void putHeader(MemorySegment to, int programHeaders) {
    to.set(JAVA_INT_UNALIGNED, 0, ELF_MAGIC);
    // 64 bits, little-endian, version 1.
    to.set(JAVA_INT_UNALIGNED, 4, 0x0001_0102);
    to.set(JAVA_SHORT_UNALIGNED, 16, (short) 4); // ET_CORE
    to.set(JAVA_SHORT_UNALIGNED, 18, (short) 62); // EM_X86_64
    to.set(JAVA_INT_UNALIGNED, 20, 1);
    to.set(JAVA_LONG_UNALIGNED, 32, HEADER_BYTE_COUNT);
    to.set(JAVA_SHORT_UNALIGNED, 52, (short) HEADER_BYTE_COUNT);
    to.set(JAVA_SHORT_UNALIGNED, 54, (short) PROGRAM_HEADER_BYTE_COUNT);
    to.set(JAVA_SHORT_UNALIGNED, 56, (short) programHeaders);
  }

  private static void putNoteHeader(MemorySegment to, long offset, long byteCount) {
    to.set(JAVA_INT_UNALIGNED, 0, PT_NOTE);
    to.set(JAVA_LONG_UNALIGNED, 8, offset);
    to.set(JAVA_LONG_UNALIGNED, 32, byteCount);
    to.set(JAVA_LONG_UNALIGNED, 48, 4);
  }

  private static void putLoadHeader(MemorySegment to, CoreSegment segment, long offset) {
    VmaView area = segment.area();
    AccessType access = area.access();
    to.set(JAVA_INT_UNALIGNED, 0, PT_LOAD);
    to.set(
        JAVA_INT_UNALIGNED,
        4,
        (access.canRead() ? 4 : 0) | (access.canWrite() ? 2 : 0) | (access.canExecute() ? 1 : 0));
    to.set(JAVA_LONG_UNALIGNED, 8, offset);
    to.set(JAVA_LONG_UNALIGNED, 16, area.start());
    to.set(JAVA_LONG_UNALIGNED, 32, segment.byteCount());
    to.set(JAVA_LONG_UNALIGNED, 40, area.byteCount());
    to.set(JAVA_LONG_UNALIGNED, 48, PAGE);
  }

  /** Copies the pages of an area that are there; nothing is faulted in that was never touched. */
  private void copy(CoreSegment segment, long offset) {
    long start = segment.area().start();
    boolean ofFile = CoreDump.isOfFile(segment.area());
    for (long done = 0; done < segment.byteCount(); done += CHUNK_PAGES * PAGE) {
      int pages = (int) Math.min(CHUNK_PAGES, (segment.byteCount() - done) / PAGE);
      if (offset + done >= limit) {
        return;
      }
      byte[] resident = pages == CHUNK_PAGES ? residency : new byte[pages];
      memory.mincore(start + done, resident);
      for (int page = 0; page < pages; page++) {
        if (ofFile || (resident[page] & 1) != 0) {
          copyPage(start + done + page * PAGE, offset + done + page * PAGE);
        }
      }
    }
  }

  private void copyPage(long addr, long offset) {
    long count;
    try {
      count = memory.copyIn(addr, pageBytes, 0, PAGE, IOOpts.IGNORE_PERMISSIONS);
    } catch (LinuxException e) {
      // Beyond the end of a file there is nothing to dump.
      return;
    }
    emit(offset, pageBytes.asSlice(0, count));
  }

  private void emit(long offset, MemorySegment bytes) {
    long count = Math.min(bytes.byteSize(), limit - offset);
    long done = 0;
    while (done < count) {
      Source rest = Source.of(bytes.asSlice(done, count - done));
      done += file.writeAt(rest, offset + done, TransferOptions.DEFAULT);
    }
  }
}
