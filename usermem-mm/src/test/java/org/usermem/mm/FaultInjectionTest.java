package org.usermem.mm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.usermem.mm.Memory.PAGE;
import static org.usermem.mm.Memory.anonymousAt;
import static org.usermem.mm.Memory.pattern;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.usermem.addr.AccessType;
import org.usermem.addr.AddrRangeSeq;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.io.IOOpts;
import org.usermem.memmap.LockMode;
import org.usermem.memmap.MemoryKind;
import org.usermem.memmap.Populate;
import org.usermem.mm.machine.FakeFile;

/**
 * Every operation, with memory running out at each of its allocations in turn: the address space
 * stays consistent, no reference is lost, and what could be done is reported.
 */
class FaultInjectionTest {

  private static final long BASE = 0x700000000L;
  private static final long LIMIT = 4L << 20;

  /** A named operation on a prepared space: 64 pages at BASE, of which every other is touched. */
  record Case(String name, Consumer<Scene> operation) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** What an operation finds. */
  record Scene(Memory memory, MemoryManager mm, FakeFile file) {}

  static Stream<Arguments> cases() {
    List<Case> cases =
        List.of(
            new Case("copyOut", s -> copyOut(s, BASE)),
            new Case("copyOut to a file, private", s -> copyOut(s, BASE + 128 * PAGE)),
            new Case("copyOut to a file, shared", s -> copyOut(s, BASE + 192 * PAGE)),
            new Case(
                "copyIn",
                s -> s.mm.copyIn(BASE, Memory.segment(new byte[64 << 12]), IOOpts.DEFAULT)),
            new Case("zeroOut", s -> s.mm.zeroOut(BASE, 64 * PAGE, IOOpts.DEFAULT)),
            new Case(
                "copyOutFrom",
                s ->
                    s.mm.copyOutFrom(
                        AddrRangeSeq.of(BASE, 64 * PAGE), blocks -> blocks.zero(), IOOpts.DEFAULT)),
            new Case("storeInt", s -> s.mm.storeInt(BASE + PAGE, 1, IOOpts.DEFAULT)),
            new Case(
                "handleFault",
                s -> {
                  for (int i = 0; i < 64; i++) {
                    if (s.mm.handleFault(BASE + i * PAGE, AccessType.WRITE, 0)
                        == FaultOutcome.OUT_OF_MEMORY) {
                      throw LinuxException.of(Errno.ENOMEM);
                    }
                  }
                }),
            new Case("mmap, populated", s -> mapPopulated(s)),
            new Case(
                "mmap, shared and locked",
                s ->
                    s.mm.mmap(
                        anonymousAt(BASE + 32 * PAGE, 64 * PAGE)
                            .shared()
                            .lockMode(LockMode.EAGER)
                            .build())),
            new Case("munmap", s -> s.mm.munmap(BASE + PAGE, 30 * PAGE)),
            new Case(
                "mprotect", s -> s.mm.mprotect(BASE + PAGE, 30 * PAGE, AccessType.READ, false)),
            new Case(
                "mremap, growing",
                s -> s.mm.mremap(BASE + 61 * PAGE, 3 * PAGE, 100 * PAGE, RemapOptions.MAY_MOVE)),
            new Case(
                "mremap, moving",
                s -> s.mm.mremap(BASE, 64 * PAGE, 64 * PAGE, RemapOptions.to(BASE + 300 * PAGE))),
            new Case(
                "mremap, leaving the old",
                s ->
                    s.mm.mremap(
                        BASE + PAGE, 3 * PAGE, 3 * PAGE, new RemapOptions(true, false, true, 0))),
            new Case("mlock", s -> s.mm.mlock(BASE, 64 * PAGE, LockMode.EAGER)),
            new Case(
                "madvise, populating", s -> s.mm.madvise(BASE, 64 * PAGE, Advice.POPULATE_WRITE)),
            new Case("madvise, dropping", s -> s.mm.madvise(BASE, 64 * PAGE, Advice.DONTNEED)),
            new Case(
                "madvise, removing",
                s -> s.mm.madvise(BASE + 192 * PAGE, 64 * PAGE, Advice.REMOVE)),
            new Case("io_setup", s -> s.mm.aioDestroy(s.mm.aioSetUp(64).id())),
            new Case("pin", FaultInjectionTest::pin),
            new Case("fork", s -> s.memory.end(s.memory.fork(s.mm))),
            new Case("fork and writes on both sides", s -> forkAndWrite(s)),
            new Case(
                "fork while pages are lent",
                s ->
                    s.mm.copyOutFrom(
                        AddrRangeSeq.of(BASE, PAGE),
                        blocks -> {
                          s.memory.end(s.memory.fork(s.mm));
                          return blocks.zero();
                        },
                        IOOpts.DEFAULT)),
            new Case(
                "brk",
                s -> {
                  s.mm.setBrkStart(BASE + 400 * PAGE);
                  s.mm.brk(BASE + 500 * PAGE);
                  s.mm.copyOut(
                      BASE + 400 * PAGE, Memory.segment(new byte[100 << 12]), IOOpts.DEFAULT);
                }));
    return cases.stream().map(Arguments::of);
  }

  private static void copyOut(Scene s, long addr) {
    s.mm.copyOut(addr, Memory.segment(pattern(64 << 12, 9)), IOOpts.DEFAULT);
  }

  private static void pin(Scene s) {
    s.mm.pin(AddrRangeSeq.of(BASE, 64 * PAGE), AccessType.WRITE, IOOpts.DEFAULT).close();
  }

  private static void mapPopulated(Scene s) {
    s.mm.mmap(anonymousAt(BASE + 32 * PAGE, 64 * PAGE).populate(Populate.MAP).build());
  }

  private static void forkAndWrite(Scene s) {
    MemoryManager child = s.memory.fork(s.mm);
    try {
      child.zeroOut(BASE, 64 * PAGE, IOOpts.DEFAULT);
      s.mm.zeroOut(BASE, 64 * PAGE, IOOpts.DEFAULT);
    } finally {
      s.memory.end(child);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void memoryRunsOutAtEachAllocation(Case operation) {
    boolean completed = false;
    for (int pagesLeft = 0; pagesLeft <= 256; pagesLeft += pagesLeft < 40 ? 1 : 24) {
      completed |= run(operation, pagesLeft);
    }
    assertTrue(completed, "with enough memory it succeeds");
  }

  /** Runs with some pages left; returns whether nothing went wrong. */
  private static boolean run(Case operation, int pagesLeft) {
    try (Memory memory = new Memory(LIMIT)) {
      MemoryManager mm = memory.manager();
      FakeFile file = new FakeFile(memory.file, 64 * PAGE);
      prepare(mm, file);
      long left = LIMIT - memory.file.usage().allocated();
      var hog = memory.file.allocate(left - pagesLeft * PAGE, MemoryKind.SYSTEM);
      boolean completed = true;
      try {
        operation.operation().accept(new Scene(memory, mm, file));
      } catch (LinuxException e) {
        completed = false;
        assertTrue(
            List.of(Errno.ENOMEM, Errno.EFAULT, Errno.EAGAIN).contains(e.errno()), e::toString);
      }
      Invariants.check(mm);
      memory.file.decRef(hog);
      memory.end(mm);
      file.close();
      return completed;
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theHostRefusesAMappingOfTheGuest(Case operation) {
    AtomicInteger granted = new AtomicInteger();
    for (int refused = 0; granted.get() <= 0; refused++) {
      granted.set(Integer.MAX_VALUE);
      try (Memory memory = new Memory(LIMIT, p -> new RefusingPlatform(p, granted))) {
        MemoryManager mm = memory.manager();
        FakeFile file = new FakeFile(memory.file, 64 * PAGE);
        prepare(mm, file);
        for (int i = 0; i < 64; i++) {
          mm.handleFault(BASE + i * PAGE, AccessType.READ, 0);
          mm.handleFault(BASE + (128 + i) * PAGE, AccessType.READ, 0);
        }
        granted.set(refused);
        try {
          operation.operation().accept(new Scene(memory, mm, file));
        } catch (LinuxException e) {
          assertEquals(Errno.ENOMEM, e.errno());
        }
        Invariants.check(mm);
        memory.end(mm);
        file.close();
      }
    }
  }

  private static void prepare(MemoryManager mm, FakeFile file) {
    mm.mmap(anonymousAt(BASE, 64 * PAGE).build());
    for (int i = 0; i < 64; i += 2) {
      mm.madvise(BASE + i * PAGE, PAGE, i % 4 == 0 ? Advice.RANDOM : Advice.NORMAL);
      mm.storeInt(BASE + i * PAGE, i, IOOpts.DEFAULT);
    }
    mm.mmap(anonymousAt(BASE + 128 * PAGE, 64 * PAGE).mappable(file, file, 0).build());
    mm.mmap(anonymousAt(BASE + 192 * PAGE, 64 * PAGE).shared().mappable(file, file, 0).build());
  }
}
