package org.usermem.kernel.compare;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.zip.CRC32;
import org.usermem.addr.AccessType;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.Whence;
import org.usermem.fs.pipe.Pipes;
import org.usermem.io.IOOpts;
import org.usermem.kernel.Task;
import org.usermem.kernel.fixture.KernelFixture;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/** Executes the lines of a copy script through a task's layers, as a system-call table would. */
final class CopyInterpreter {

  private static final int FILES = 8;
  private static final List<Whence> WHENCE = List.of(Whence.SET, Whence.CURRENT, Whence.END);
  private static final TransferOptions OPTIONS = TransferOptions.DEFAULT;

  private final KernelFixture fixture;
  private final Task task;
  private final List<String> output = new ArrayList<>();
  private final char[] protections = new char[CopyScripts.PAGES];
  private final FileDescription[] files = new FileDescription[FILES];
  private int made;

  CopyInterpreter(KernelFixture fixture, Task task) {
    this.fixture = fixture;
    this.task = task;
    Arrays.fill(protections, '-');
    task.memoryManager().mmap(KernelFixture.anonymousAt(CopyScripts.IOVECS, 16));
  }

  List<String> run(List<String> lines) {
    lines.forEach(line -> execute(line.split(" ")));
    return output;
  }

  private void execute(String[] words) {
    switch (words[0]) {
      case "reset" -> reset();
      case "map" -> map(number(words[1]), words[2].charAt(0), number(words[3]));
      case "open" ->
          files[number(words[1])] =
              open(words[2].charAt(0), number(words[3]), number(words[4]), number(words[5]));
      case "pipe" -> openPipe(number(words[1]), number(words[2]));
      case "poke" -> task.copyOutLong(longOf(words[1]), longOf(words[2]));
      default -> call(words);
    }
  }

  private static int number(String word) {
    return (int) longOf(word);
  }

  private static long longOf(String word) {
    return word.startsWith("0x")
        ? Long.parseUnsignedLong(word, 2, word.length(), 16)
        : Long.parseLong(word);
  }

  void reset() {
    task.memoryManager().munmap(CopyScripts.BASE, (long) CopyScripts.PAGES * CopyScripts.PAGE);
    Arrays.fill(protections, '-');
    for (int index = 0; index < FILES; index++) {
      if (files[index] != null) {
        files[index].decRef();
        files[index] = null;
      }
    }
  }

  private void map(int page, char how, int seed) {
    long addr = CopyScripts.BASE + (long) page * CopyScripts.PAGE;
    task.memoryManager().mmap(KernelFixture.anonymousAt(addr, 1));
    task.copyOutFully(addr, MemorySegment.ofArray(pattern(seed, CopyScripts.PAGE)));
    AccessType access =
        switch (how) {
          case 'w' -> AccessType.READ_WRITE;
          case 'r' -> AccessType.READ;
          default -> AccessType.NONE;
        };
    task.memoryManager().mprotect(addr, CopyScripts.PAGE, access, false);
    protections[page] = how;
  }

  private static byte[] pattern(int seed, int byteCount) {
    byte[] bytes = new byte[byteCount];
    for (int index = 0; index < byteCount; index++) {
      bytes[index] = (byte) (seed * 131 + index * 7 + (index >> 8));
    }
    return bytes;
  }

  private FileDescription open(char kind, int flags, int byteCount, int seed) {
    String path = (kind == 't' ? "/tmpfs-" : "/host/file-") + made++;
    FileDescription writer =
        fixture.open(path, OpenFlags.CREATE | OpenFlags.TRUNCATE | OpenFlags.WRITE_ONLY);
    writer.write(Source.of(pattern(seed, byteCount)));
    writer.decRef();
    return fixture.open(path, flags);
  }

  private void openPipe(int file, int flags) {
    Pipes.Ends ends =
        Pipes.create(
            fixture.vfs.anonymousFiles(),
            flags | OpenFlags.NON_BLOCKING,
            task.credentials().forFiles());
    files[file] = ends.reader();
    files[file + 1] = ends.writer();
  }

  private void call(String[] words) {
    int file = number(words[1]);
    long result = errnoOf(() -> perform(words, file));
    StringBuilder line = new StringBuilder().append(result).append(" @");
    line.append(
        files[file] == null
            ? -1
            : Math.max(-1, errnoOf(() -> files[file].seek(0, Whence.CURRENT))));
    appendMemory(line);
    output.add(line.toString());
  }

  private static long errnoOf(LongSupplier call) {
    try {
      return call.getAsLong();
    } catch (LinuxException e) {
      return -e.errno().number();
    }
  }

  private FileDescription require(int file) {
    if (files[file] == null) {
      throw LinuxException.of(Errno.EBADF);
    }
    return files[file];
  }

  private long perform(String[] words, int number) {
    if (words[0].startsWith("p") && longOf(words[words[0].endsWith("v") ? 2 : 4]) < 0) {
      // A negative offset is looked at before the descriptor.
      throw LinuxException.of(Errno.EINVAL);
    }
    return perform(words, require(number));
  }

  private long perform(String[] words, FileDescription file) {
    return switch (words[0]) {
      case "read" -> file.read(sink(file, longOf(words[2]), longOf(words[3])));
      case "write" -> file.write(source(file, longOf(words[2]), longOf(words[3])));
      case "pread" -> {
        long offset = checkedOffset(file, longOf(words[4]));
        yield file.readAt(sink(file, longOf(words[2]), longOf(words[3])), offset, OPTIONS);
      }
      case "pwrite" -> {
        long offset = checkedOffset(file, longOf(words[4]));
        yield file.writeAt(source(file, longOf(words[2]), longOf(words[3])), offset, OPTIONS);
      }
      case "readv" -> file.read(iovecsSink(file, CopyScripts.IOVECS, storeIovecs(words, 2)));
      case "writev" -> file.write(iovecsSource(file, CopyScripts.IOVECS, storeIovecs(words, 2)));
      case "preadv" -> {
        long offset = checkedOffset(file, longOf(words[2]));
        Sink sink = iovecsSink(file, CopyScripts.IOVECS, storeIovecs(words, 3));
        yield file.readAt(sink, offset, OPTIONS);
      }
      case "pwritev" -> {
        long offset = checkedOffset(file, longOf(words[2]));
        Source source = iovecsSource(file, CopyScripts.IOVECS, storeIovecs(words, 3));
        yield file.writeAt(source, offset, OPTIONS);
      }
      case "readvat" -> file.read(iovecsSink(file, longOf(words[2]), longOf(words[3])));
      case "writevat" -> file.write(iovecsSource(file, longOf(words[2]), longOf(words[3])));
      case "lseek" -> file.seek(longOf(words[2]), WHENCE.get(number(words[3])));
      default -> throw new AssertionError(words[0]);
    };
  }

  /** The mode is looked at before the buffer, as {@code vfs_read} does. */
  private Sink sink(FileDescription file, long addr, long byteCount) {
    if (!file.isReadable()) {
      throw LinuxException.of(Errno.EBADF);
    }
    return task.singleSink(addr, byteCount);
  }

  private Source source(FileDescription file, long addr, long byteCount) {
    if (!file.isWritable()) {
      throw LinuxException.of(Errno.EBADF);
    }
    return task.singleSource(addr, byteCount);
  }

  private Sink iovecsSink(FileDescription file, long addr, long count) {
    if (!file.isReadable()) {
      throw LinuxException.of(Errno.EBADF);
    }
    return task.iovecsSink(addr, count);
  }

  private Source iovecsSource(FileDescription file, long addr, long count) {
    if (!file.isWritable()) {
      throw LinuxException.of(Errno.EBADF);
    }
    return task.iovecsSource(addr, count);
  }

  private static long checkedOffset(FileDescription file, long offset) {
    if (!file.hasPositions()) {
      throw LinuxException.of(Errno.ESPIPE);
    }
    return offset;
  }

  private long storeIovecs(String[] words, int at) {
    long count = longOf(words[at]);
    for (int index = 0; index < count && at + 2 + 2 * index < words.length; index++) {
      long entry = CopyScripts.IOVECS + 16L * index;
      task.copyOutLong(entry, longOf(words[at + 1 + 2 * index]));
      task.copyOutLong(entry + 8, longOf(words[at + 2 + 2 * index]));
    }
    return count;
  }

  private void appendMemory(StringBuilder line) {
    byte[] page = new byte[CopyScripts.PAGE];
    for (int index = 0; index < CopyScripts.PAGES; index++) {
      if (protections[index] == 'w' || protections[index] == 'r') {
        long addr = CopyScripts.BASE + (long) index * CopyScripts.PAGE;
        task.memoryManager().copyInFully(addr, page, IOOpts.DEFAULT);
        CRC32 sum = new CRC32();
        sum.update(page);
        line.append(String.format(" %08x", sum.getValue()));
      } else {
        line.append(" -");
      }
    }
  }
}
