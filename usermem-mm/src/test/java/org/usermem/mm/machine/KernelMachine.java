package org.usermem.mm.machine;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.memmap.LockMode;
import org.usermem.memmap.Placement;
import org.usermem.mm.Memory;

/**
 * Runs operations on the kernel of the host: in processes of a small C program, one a space, which
 * is compiled when the tests run.
 */
final class KernelMachine implements Machine {

  private static final int MAP_SHARED = 1;
  private static final int MAP_PRIVATE = 2;
  private static final int MAP_FIXED = 0x10;
  private static final int MAP_ANONYMOUS = 0x20;
  private static final int MAP_LOCKED = 0x2000;
  private static final int MAP_POPULATE = 0x8000;
  private static final int MAP_FIXED_NOREPLACE = 0x100000;
  private static final int MREMAP_MAYMOVE = 1;
  private static final int MREMAP_FIXED = 2;
  private static final int MREMAP_DONTUNMAP = 4;
  private static final int MS_INVALIDATE = 2;
  private static final int MS_SYNC = 4;
  private static final String[] FAULTS = {"", "MAPERR", "ACCERR", "BUS", "OTHER"};

  private final Path directory;
  private final Process process;
  private final List<Channel> spaces = new ArrayList<>();
  private int forks;

  /** What the driver is asked for; in the order of its enumeration. */
  private enum Call {
    MAP,
    UNMAP,
    REMAP,
    PROTECT,
    ADVISE,
    SYNC,
    LOCK,
    UNLOCK,
    STORE,
    LOAD,
    FORK,
    EXIT,
    TRUNCATE,
    WRITE_FILE,
    AREA_BOUND,
    BREAK,
    LOCK_ALL,
    UNLOCK_ALL,
    RESIDENT,
    READ_FILE,
    CALL_WRITE,
    CALL_READ
  }

  /** The pipes of one process. */
  private record Channel(OutputStream to, DataInputStream from) {}

  private KernelMachine(Path driver) throws IOException {
    directory = Files.createTempDirectory("usermem-kernel");
    process =
        new ProcessBuilder(
                driver.toString(),
                directory.toString(),
                Integer.toString(Operation.FILES),
                Long.toString(Operation.FILE_PAGES * Memory.PAGE))
            .redirectError(Redirect.INHERIT)
            .start();
    spaces.add(
        new Channel(process.getOutputStream(), new DataInputStream(process.getInputStream())));
  }

  /** Compiles the driver; null where there is no compiler. */
  static @Nullable Path compile(Path directory) throws IOException {
    Path source = directory.resolve("driver.c");
    Path driver = directory.resolve("driver");
    try (InputStream in =
        Objects.requireNonNull(
            Memory.class.getResourceAsStream("/org/usermem/mm/kernel/driver.c"))) {
      Files.copy(in, source);
    }
    try {
      Process gcc =
          new ProcessBuilder("gcc", "-O2", "-o", driver.toString(), source.toString())
              .redirectErrorStream(true)
              .redirectOutput(Redirect.INHERIT)
              .start();
      if (gcc.waitFor() != 0) {
        throw new IOException("gcc can't compile " + source);
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    } catch (IOException e) {
      if (Files.isExecutable(Path.of("/usr/bin/gcc"))) {
        throw e;
      }
      return null;
    }
    return driver;
  }

  static KernelMachine start(Path driver) {
    try {
      return new KernelMachine(driver);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long addr(int page) {
    return Operation.REGION + page * Memory.PAGE;
  }

  private static long bytes(int pages) {
    return pages * Memory.PAGE;
  }

  /** Whether mremap moves a range of several areas: Linux 6.17 and newer. */
  static boolean movesSeveralAreas() {
    int[] version =
        Pattern.compile("\\D+")
            .splitAsStream(System.getProperty("os.version"))
            .limit(2)
            .mapToInt(Integer::parseInt)
            .toArray();
    return Arrays.compare(version, new int[] {6, 17}) >= 0;
  }

  /** Returns the end of the area that has a place, in pages of the region, or 0. */
  long areaEnd(int space, int page) {
    long end = call(channel(space), Call.AREA_BOUND, addr(page), 1).value;
    return end == 0 ? 0 : (end - Operation.REGION) / Memory.PAGE;
  }

  /** Returns the start of the area that has a place, in pages of the region, or 0. */
  long areaStart(int space, int page) {
    long start = call(channel(space), Call.AREA_BOUND, addr(page), 0).value;
    return start == 0 ? 0 : (start - Operation.REGION) / Memory.PAGE;
  }

  private Channel channel(int space) {
    return spaces.get(space % spaces.size());
  }

  @Override
  public Outcome run(Operation operation) {
    Channel at = channel(operation.space());
    return switch (operation) {
      case Operation.Map o -> map(at, o);
      case Operation.Unmap o -> outcome(at, Call.UNMAP, addr(o.page()), bytes(o.pages()));
      case Operation.Protect o ->
          outcome(at, Call.PROTECT, addr(o.page()), bytes(o.pages()), o.access().bits());
      case Operation.Remap o -> remap(at, o);
      case Operation.Advise o ->
          outcome(at, Call.ADVISE, addr(o.page()), bytes(o.pages()), o.advice().number());
      case Operation.Sync o ->
          outcome(
              at,
              Call.SYNC,
              addr(o.page()),
              bytes(o.pages()),
              MS_SYNC | (o.invalidate() ? MS_INVALIDATE : 0));
      case Operation.Lock o ->
          o.mode() == LockMode.NONE
              ? outcome(at, Call.UNLOCK, addr(o.page()), bytes(o.pages()))
              : outcome(
                  at,
                  Call.LOCK,
                  addr(o.page()),
                  bytes(o.pages()),
                  o.mode() == LockMode.LAZY ? 1 : 0);
      case Operation.Store o ->
          outcome(at, Call.STORE, Operation.REGION + o.offset(), o.byteCount(), o.seed());
      case Operation.Load o -> outcome(at, Call.LOAD, Operation.REGION + o.offset(), o.byteCount());
      case Operation.CallRead o ->
          outcome(at, Call.CALL_READ, Operation.REGION + o.offset(), o.byteCount(), o.seed());
      case Operation.CallWrite o ->
          outcome(at, Call.CALL_WRITE, Operation.REGION + o.offset(), o.byteCount());
      case Operation.Fork o -> fork(at);
      case Operation.Exit o -> exit(at);
      case Operation.Truncate o -> outcome(at, Call.TRUNCATE, o.file(), bytes(o.pages()));
      case Operation.WriteFile o ->
          outcome(at, Call.WRITE_FILE, o.file(), o.offset(), o.byteCount(), o.seed());
      case Operation.ReadFile o -> outcome(at, Call.READ_FILE, o.file(), o.offset(), o.byteCount());
      case Operation.Break o -> outcome(at, Call.BREAK, o.offset());
    };
  }

  private static Outcome map(Channel at, Operation.Map o) {
    int flags =
        (o.shared() ? MAP_SHARED : MAP_PRIVATE)
            | (o.file() < 0 ? MAP_ANONYMOUS : 0)
            | (o.placement() == Placement.FIXED_REPLACE ? MAP_FIXED : 0)
            | (o.placement() == Placement.FIXED_NO_REPLACE ? MAP_FIXED_NOREPLACE : 0)
            | (o.populate() ? MAP_POPULATE : 0)
            | (o.locked() ? MAP_LOCKED : 0);
    Reply reply =
        call(
            at,
            Call.MAP,
            addr(o.page()),
            bytes(o.pages()),
            o.access().bits(),
            flags,
            o.file(),
            o.file() < 0 ? 0 : bytes(o.filePage()));
    if (reply.error != 0) {
      return reply.outcome();
    }
    if (isInRegion(reply.value)) {
      return Outcome.of((reply.value - Operation.REGION) / Memory.PAGE);
    }
    call(at, Call.UNMAP, reply.value, bytes(o.pages()));
    return Outcome.of(Outcome.ELSEWHERE);
  }

  private static boolean isInRegion(long addr) {
    return addr >= Operation.REGION && addr < addr(Operation.PAGES);
  }

  private static Outcome remap(Channel at, Operation.Remap o) {
    long target = addr(o.target());
    int flags =
        switch (o.move()) {
          case IN_PLACE -> 0;
          case MAY_MOVE -> MREMAP_MAYMOVE;
          case FIXED -> MREMAP_MAYMOVE | MREMAP_FIXED;
          case DONT_UNMAP -> MREMAP_MAYMOVE | MREMAP_DONTUNMAP;
          case DONT_UNMAP_FIXED -> MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP;
        };
    Reply reply =
        call(
            at,
            Call.REMAP,
            addr(o.page()),
            bytes(o.oldPages()),
            bytes(o.newPages()),
            flags,
            o.move() == Operation.Move.DONT_UNMAP ? 0 : target);
    if (reply.error != 0) {
      return reply.outcome();
    }
    if (isInRegion(reply.value)) {
      return Outcome.of((reply.value - Operation.REGION) / Memory.PAGE);
    }
    Reply second =
        call(
            at,
            Call.REMAP,
            reply.value,
            bytes(o.newPages()),
            bytes(o.newPages()),
            MREMAP_MAYMOVE | MREMAP_FIXED,
            target);
    return second.error != 0 ? second.outcome() : Outcome.of(Outcome.ELSEWHERE);
  }

  private Outcome fork(Channel at) {
    if (spaces.size() == MOST_SPACES) {
      return Outcome.of(0);
    }
    int id = forks++;
    Reply reply = call(at, Call.FORK, id);
    if (reply.value != 0) {
      throw new IllegalStateException("the driver can't fork");
    }
    try {
      OutputStream to = Files.newOutputStream(directory.resolve(id + ".in"));
      DataInputStream from =
          new DataInputStream(Files.newInputStream(directory.resolve(id + ".out")));
      spaces.add(new Channel(to, from));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Outcome.of(0);
  }

  private Outcome exit(Channel at) {
    if (spaces.size() > 1) {
      spaces.remove(at);
      end(at);
    }
    return Outcome.of(0);
  }

  private static void end(Channel at) {
    try {
      send(at, Call.EXIT);
      at.to.close();
      at.from.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Outcome outcome(Channel at, Call call, long... arguments) {
    return call(at, call, arguments).outcome();
  }

  /** The driver's reply. */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares replies.
  private record Reply(long value, int error, int fault, byte[] bytes) {
    Outcome outcome() {
      if (error != 0) {
        for (Errno errno : Errno.values()) {
          if (errno.number() == error) {
            return Outcome.error(errno.name());
          }
        }
        throw new IllegalStateException("errno " + error);
      }
      return new Outcome(value, "", FAULTS[fault], bytes);
    }
  }

  private static void send(Channel at, Call call, long... arguments) throws IOException {
    ByteBuffer request = ByteBuffer.allocate(7 * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    request.putLong(number(call));
    for (long argument : arguments) {
      request.putLong(argument);
    }
    at.to.write(request.array());
    at.to.flush();
  }

  @SuppressWarnings("EnumOrdinal") // The driver has the same enumeration.
  private static int number(Call call) {
    return call.ordinal();
  }

  private static Reply call(Channel at, Call call, long... arguments) {
    try {
      send(at, call, arguments);
      ByteBuffer reply =
          ByteBuffer.wrap(at.from.readNBytes(4 * Long.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
      long value = reply.getLong();
      int error = (int) reply.getLong();
      int fault = (int) reply.getLong();
      return new Reply(value, error, fault, at.from.readNBytes((int) reply.getLong()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      // A child's pipes end with it; the first process last, for it is the parent of the rest.
      for (Channel at : spaces.reversed()) {
        end(at);
      }
      process.waitFor();
      try (Stream<Path> pipes = Files.list(directory)) {
        for (Path pipe : pipes.toList()) {
          Files.delete(pipe);
        }
      }
      Files.delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
