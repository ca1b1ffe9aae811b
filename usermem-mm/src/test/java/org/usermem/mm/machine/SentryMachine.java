package org.usermem.mm.machine;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.usermem.addr.AccessType;
import org.usermem.addr.AddrRangeSeq;
import org.usermem.errno.LinuxException;
import org.usermem.io.IOOpts;
import org.usermem.memmap.LockMode;
import org.usermem.memmap.MapOptions;
import org.usermem.memmap.Populate;
import org.usermem.mm.FaultOutcome;
import org.usermem.mm.Invariants;
import org.usermem.mm.Memory;
import org.usermem.mm.MemoryManager;
import org.usermem.mm.RemapOptions;
import org.usermem.platform.inprocess.InProcessAddressSpace;

/** Runs operations on usermem's memory manager, in part as the guest itself would. */
final class SentryMachine implements Machine {

  private static final long HEAP = 0x2000000000L;

  private final Memory memory;
  private final List<FakeFile> files = new ArrayList<>();
  private final List<MemoryManager> spaces = new ArrayList<>();

  SentryMachine() {
    this(new Memory());
  }

  SentryMachine(Memory memory) {
    this.memory = memory;
    for (int i = 0; i < Operation.FILES; i++) {
      files.add(new FakeFile(memory.file, Operation.FILE_PAGES * Memory.PAGE));
    }
    MemoryManager first = memory.manager();
    first.setBrkStart(HEAP);
    spaces.add(first);
  }

  /** Returns the end of the area that has a place, or 0. */
  long areaEnd(int space, int page) {
    return spaces
        .get(space % spaces.size())
        .areaAt(addr(page))
        .map(area -> (area.end() - Operation.REGION) / Memory.PAGE)
        .orElse(0L);
  }

  /** Returns the start of the area that has a place, or 0. */
  long areaStart(int space, int page) {
    return spaces
        .get(space % spaces.size())
        .areaAt(addr(page))
        .map(area -> (area.start() - Operation.REGION) / Memory.PAGE)
        .orElse(0L);
  }

  int spaceCount() {
    return spaces.size();
  }

  MemoryManager space(int number) {
    return spaces.get(number);
  }

  void check() {
    spaces.forEach(Invariants::check);
  }

  private static long addr(int page) {
    return Operation.REGION + page * Memory.PAGE;
  }

  private static long bytes(int pages) {
    return pages * Memory.PAGE;
  }

  @Override
  public Outcome run(Operation operation) {
    MemoryManager mm = spaces.get(operation.space() % spaces.size());
    try {
      return run(mm, operation);
    } catch (LinuxException e) {
      return Outcome.error(e.errno().name());
    }
  }

  private Outcome run(MemoryManager mm, Operation operation) {
    return switch (operation) {
      case Operation.Map o -> map(mm, o);
      case Operation.Unmap o -> done(() -> mm.munmap(addr(o.page()), bytes(o.pages())));
      case Operation.Protect o ->
          done(() -> mm.mprotect(addr(o.page()), bytes(o.pages()), o.access(), false));
      case Operation.Remap o -> remap(mm, o);
      case Operation.Advise o ->
          done(() -> mm.madvise(addr(o.page()), bytes(o.pages()), o.advice()));
      case Operation.Sync o ->
          done(() -> mm.msync(addr(o.page()), bytes(o.pages()), true, o.invalidate()));
      case Operation.Lock o -> done(() -> mm.mlock(addr(o.page()), bytes(o.pages()), o.mode()));
      case Operation.Store o -> store(mm, o);
      case Operation.Load o -> load(mm, o);
      case Operation.CallRead o -> callRead(mm, o);
      case Operation.CallWrite o -> callWrite(mm, o);
      case Operation.Fork o -> fork(mm);
      case Operation.Exit o -> exit(mm);
      case Operation.Truncate o -> done(() -> files.get(o.file()).truncate(bytes(o.pages())));
      case Operation.WriteFile o -> writeFile(o);
      case Operation.ReadFile o -> {
        byte[] bytes = files.get(o.file()).read(o.offset(), o.byteCount());
        yield new Outcome(bytes.length, "", "", bytes);
      }
      case Operation.Break o -> Outcome.of(mm.brk(HEAP + o.offset()) - HEAP);
    };
  }

  private static Outcome done(Runnable call) {
    call.run();
    return Outcome.of(0);
  }

  private Outcome map(MemoryManager mm, Operation.Map o) {
    MapOptions.Builder options =
        MapOptions.builder(bytes(o.pages()))
            .at(addr(o.page()), o.placement())
            .access(o.access())
            .isPrivate(!o.shared())
            .populate(o.populate() ? Populate.MAP : Populate.DEFAULT)
            .lockMode(o.locked() ? LockMode.EAGER : LockMode.NONE);
    if (o.file() >= 0) {
      FakeFile file = files.get(o.file());
      options.mappable(file, file, bytes(o.filePage()));
    }
    return placed(mm, mm.mmap(options.build()), o.pages());
  }

  private static Outcome placed(MemoryManager mm, long addr, int pages) {
    if (addr >= Operation.REGION && addr < addr(Operation.PAGES)) {
      return Outcome.of((addr - Operation.REGION) / Memory.PAGE);
    }
    mm.munmap(addr, bytes(pages));
    return Outcome.of(Outcome.ELSEWHERE);
  }

  private static Outcome remap(MemoryManager mm, Operation.Remap o) {
    long target = addr(o.target());
    RemapOptions options =
        switch (o.move()) {
          case IN_PLACE -> RemapOptions.IN_PLACE;
          case MAY_MOVE -> RemapOptions.MAY_MOVE;
          case FIXED -> RemapOptions.to(target);
          case DONT_UNMAP -> new RemapOptions(true, false, true, 0);
          case DONT_UNMAP_FIXED -> new RemapOptions(true, true, true, target);
        };
    long addr = mm.mremap(addr(o.page()), bytes(o.oldPages()), bytes(o.newPages()), options);
    if (addr >= Operation.REGION && addr < addr(Operation.PAGES)) {
      return Outcome.of((addr - Operation.REGION) / Memory.PAGE);
    }
    // To a place that all machines agree on.
    mm.mremap(addr, bytes(o.newPages()), bytes(o.newPages()), RemapOptions.to(target));
    return Outcome.of(Outcome.ELSEWHERE);
  }

  /** Half of the stores take the guest's way, by its mappings and page faults. */
  private Outcome store(MemoryManager mm, Operation.Store o) {
    byte[] pattern = Memory.pattern(o.byteCount(), o.seed());
    long addr = Operation.REGION + o.offset();
    if (o.seed() % 2 == 0) {
      return guestAccess(mm, addr, pattern, AccessType.WRITE);
    }
    long moved = moved(() -> mm.copyOut(addr, MemorySegment.ofArray(pattern), IOOpts.DEFAULT));
    return ended(mm, addr, moved, pattern.length, AccessType.WRITE, new byte[0]);
  }

  private Outcome load(MemoryManager mm, Operation.Load o) {
    byte[] bytes = new byte[o.byteCount()];
    long addr = Operation.REGION + o.offset();
    if (o.offset() % 2 == 0) {
      return guestAccess(mm, addr, bytes, AccessType.READ);
    }
    long moved = moved(() -> mm.copyIn(addr, MemorySegment.ofArray(bytes), IOOpts.DEFAULT));
    return ended(mm, addr, moved, bytes.length, AccessType.READ, bytes);
  }

  private static long moved(LongSupplier copy) {
    try {
      return copy.getAsLong();
    } catch (LinuxException e) {
      return 0;
    }
  }

  private static Outcome ended(
      MemoryManager mm, long addr, long moved, int wanted, AccessType access, byte[] bytes) {
    String fault = "";
    if (moved < wanted) {
      FaultOutcome outcome = mm.handleFault(addr + moved, access, 0);
      fault = outcome.name();
    }
    byte[] read = bytes.length == 0 ? bytes : Arrays.copyOf(bytes, (int) moved);
    return new Outcome(moved, "", fault, read);
  }

  private Outcome guestAccess(MemoryManager mm, long addr, byte[] bytes, AccessType access) {
    InProcessAddressSpace guest = (InProcessAddressSpace) mm.addressSpace();
    MemorySegment array = MemorySegment.ofArray(bytes);
    int done = 0;
    String fault = "";
    while (done < bytes.length) {
      OptionalLong offset = guest.translate(addr + done, access);
      if (offset.isEmpty()) {
        FaultOutcome outcome = mm.handleFault(addr + done, access, 0);
        if (outcome != FaultOutcome.HANDLED) {
          fault = outcome.name();
          break;
        }
        continue;
      }
      long run = Math.min(bytes.length - done, Memory.PAGE - ((addr + done) & (Memory.PAGE - 1)));
      MemorySegment base = memory.file.base();
      if (access == AccessType.WRITE) {
        MemorySegment.copy(array, done, base, offset.getAsLong(), run);
      } else {
        MemorySegment.copy(base, offset.getAsLong(), array, done, run);
      }
      done += (int) run;
    }
    byte[] read = access == AccessType.WRITE ? new byte[0] : Arrays.copyOf(bytes, done);
    return new Outcome(done, "", fault, read);
  }

  /** Half of these take the way of blocks. */
  private static Outcome callRead(MemoryManager mm, Operation.CallRead o) {
    MemorySegment pattern = MemorySegment.ofArray(Memory.pattern(o.byteCount(), o.seed()));
    long addr = Operation.REGION + o.offset();
    if (o.seed() % 2 == 0) {
      return Outcome.of(mm.copyOut(addr, pattern, IOOpts.DEFAULT));
    }
    return Outcome.of(
        mm.copyOutFrom(
            AddrRangeSeq.of(addr, o.byteCount()),
            blocks -> blocks.copyFrom(pattern),
            IOOpts.DEFAULT));
  }

  private static Outcome callWrite(MemoryManager mm, Operation.CallWrite o) {
    byte[] bytes = new byte[o.byteCount()];
    MemorySegment array = MemorySegment.ofArray(bytes);
    long addr = Operation.REGION + o.offset();
    long moved =
        o.offset() % 2 == 0
            ? mm.copyIn(addr, array, IOOpts.DEFAULT)
            : mm.copyInTo(
                AddrRangeSeq.of(addr, o.byteCount()),
                blocks -> blocks.copyTo(array),
                IOOpts.DEFAULT);
    return new Outcome(moved, "", "", Arrays.copyOf(bytes, (int) moved));
  }

  private Outcome fork(MemoryManager mm) {
    if (spaces.size() < MOST_SPACES) {
      spaces.add(memory.fork(mm));
    }
    return Outcome.of(0);
  }

  private Outcome exit(MemoryManager mm) {
    if (spaces.size() > 1) {
      spaces.remove(mm);
      memory.end(mm);
    }
    return Outcome.of(0);
  }

  private Outcome writeFile(Operation.WriteFile o) {
    files.get(o.file()).write(o.offset(), Memory.pattern(o.byteCount(), o.seed()));
    return Outcome.of(o.byteCount());
  }

  @Override
  public void close() {
    for (MemoryManager space : spaces) {
      memory.end(space);
    }
    spaces.clear();
    for (FakeFile file : files) {
      if (file.isMapped() || file.references() != 0) {
        throw new AssertionError("a file is mapped still, " + file.references() + " references");
      }
      file.close();
    }
    memory.close();
  }
}
