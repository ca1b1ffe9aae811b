package org.usermem.mm.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.usermem.addr.AccessType;
import org.usermem.errno.LinuxException;
import org.usermem.io.IOOpts;
import org.usermem.mm.Advice;
import org.usermem.mm.Invariants;
import org.usermem.mm.Memory;
import org.usermem.mm.MemoryManager;

/**
 * Threads of one program, each with pages of its own, against a simple model of them: an array of
 * bytes and a permission a page. What a step has touched is compared after the step. Now and then a
 * thread goes on for a while in a fork of the program, and finds its pages as they were when it
 * comes back. Another thread forks the program all the while, and a child keeps what it was given
 * whatever the parent does.
 */
class ConcurrentProgramsTest {

  private static final long REGION = 0x3000000000L;
  private static final int PAGES = 48;
  private static final int PAGE = (int) Memory.PAGE;
  private static final int THREADS = 3;
  private static final int STEPS_IN_FORK = 40;

  /** What one thread's pages must be. */
  private static final class Model {
    private final byte[][] contents = new byte[PAGES][PAGE];
    private final @Nullable AccessType[] access = new AccessType[PAGES];

    Model copy() {
      Model copy = new Model();
      for (int i = 0; i < PAGES; i++) {
        copy.contents[i] = contents[i].clone();
        copy.access[i] = access[i];
      }
      return copy;
    }

    boolean isReadable(int page) {
      AccessType allowed = access[page];
      return allowed != null && allowed.effective().canRead();
    }

    boolean isWritable(int page) {
      AccessType allowed = access[page];
      return allowed != null && allowed.canWrite();
    }
  }

  @Test
  void threadsSeeTheirOwnPagesAsTheyMadeThem() throws Exception {
    run(2_000, 1);
  }

  @Test
  @Tag("soak")
  void threadsSeeTheirOwnPagesAsTheyMadeThemForEver() throws Exception {
    for (int seed = 100; seed < 200; seed++) {
      run(50_000, seed);
    }
  }

  @Test
  @Tag("slow")
  void threadsSeeTheirOwnPagesAsTheyMadeThemForLong() throws Exception {
    for (int seed = 2; seed < 7; seed++) {
      run(20_000, seed);
    }
  }

  private static void run(int steps, long seed) throws Exception {
    try (Memory memory = new Memory();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1)) {
      MemoryManager mm = memory.manager();
      AtomicBoolean done = new AtomicBoolean();
      List<Callable<Void>> programs = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        long base = REGION + i * (PAGES * Memory.PAGE);
        SplittableRandom random = new SplittableRandom(seed * 100 + i);
        programs.add(
            () -> {
              program(mm, base, random, steps, new Model());
              return null;
            });
      }
      Future<?> forks = threads.submit(() -> forkUntil(mm, done));
      try {
        for (Future<Void> program : threads.invokeAll(programs)) {
          program.get();
        }
      } finally {
        done.set(true);
      }
      forks.get();
      Invariants.check(mm);
    }
  }

  private static void program(
      MemoryManager mm, long base, SplittableRandom random, int steps, Model model) {
    for (int step = 0; step < steps; step++) {
      int page = random.nextInt(PAGES);
      int count = 1 + random.nextInt(Math.min(8, PAGES - page));
      long addr = base + page * Memory.PAGE;
      long byteCount = count * Memory.PAGE;
      switch (random.nextInt(10)) {
        case 0, 1 -> {
          mm.mmap(Memory.anonymousAt(addr, byteCount).build());
          reset(model, page, count, AccessType.READ_WRITE);
        }
        case 2 -> {
          mm.munmap(addr, byteCount);
          reset(model, page, count, null);
        }
        case 3 -> protect(mm, model, addr, page, random.nextInt(3));
        case 4 -> dontNeed(mm, model, addr, page);
        case 5, 6, 7 -> store(mm, model, addr, page, random);
        default -> {
          if (steps > STEPS_IN_FORK && random.nextInt(50) == 0) {
            programInFork(mm, base, random, model);
          }
        }
      }
      for (int i = page; i < page + count; i++) {
        load(mm, model, base + i * Memory.PAGE, i);
      }
    }
  }

  private static void programInFork(
      MemoryManager mm, long base, SplittableRandom random, Model model) {
    MemoryManager child = mm.fork();
    program(child, base, random, STEPS_IN_FORK, model.copy());
    Invariants.check(child);
    child.decUsers();
    for (int i = 0; i < PAGES; i++) {
      load(mm, model, base + i * Memory.PAGE, i);
    }
  }

  private static void reset(Model model, int page, int count, @Nullable AccessType access) {
    for (int i = page; i < page + count; i++) {
      Arrays.fill(model.contents[i], (byte) 0);
      model.access[i] = access;
    }
  }

  private static void protect(MemoryManager mm, Model model, long addr, int page, int choice) {
    AccessType access =
        choice == 0 ? AccessType.NONE : choice == 1 ? AccessType.READ : AccessType.READ_WRITE;
    if (model.access[page] != null) {
      mm.mprotect(addr, Memory.PAGE, access, false);
      model.access[page] = access;
    }
  }

  private static void dontNeed(MemoryManager mm, Model model, long addr, int page) {
    if (model.access[page] != null) {
      mm.madvise(addr, Memory.PAGE, Advice.DONTNEED);
      Arrays.fill(model.contents[page], (byte) 0);
    }
  }

  private static void store(
      MemoryManager mm, Model model, long addr, int page, SplittableRandom random) {
    int offset = random.nextInt(PAGE - 64);
    byte[] bytes = Memory.pattern(64, random.nextInt(250));
    long moved = 0;
    try {
      moved = mm.copyOut(addr + offset, MemorySegment.ofArray(bytes), IOOpts.DEFAULT);
    } catch (LinuxException e) {
      // The model knows whether that is right.
    }
    assertEquals(model.isWritable(page) ? 64 : 0, moved);
    System.arraycopy(bytes, 0, model.contents[page], offset, (int) moved);
  }

  private static void load(MemoryManager mm, Model model, long addr, int page) {
    byte[] bytes = new byte[PAGE];
    long moved = 0;
    try {
      moved = mm.copyIn(addr, MemorySegment.ofArray(bytes), IOOpts.DEFAULT);
    } catch (LinuxException e) {
      // The model knows whether that is right.
    }
    assertEquals(model.isReadable(page) ? PAGE : 0, moved);
    if (moved > 0) {
      assertArrayEquals(model.contents[page], bytes);
    }
  }

  /** A child's pages are what they were when it was made: two looks at one see the same. */
  private static void forkUntil(MemoryManager mm, AtomicBoolean done) {
    byte[] first = new byte[PAGE];
    byte[] second = new byte[PAGE];
    while (!done.get()) {
      MemoryManager child = mm.fork();
      for (int page = 0; page < THREADS * PAGES; page += 7) {
        long addr = REGION + page * Memory.PAGE;
        try {
          child.copyIn(addr, MemorySegment.ofArray(first), IOOpts.DEFAULT);
          child.copyIn(addr, MemorySegment.ofArray(second), IOOpts.DEFAULT);
        } catch (LinuxException e) {
          continue;
        }
        assertArrayEquals(first, second);
      }
      Invariants.check(child);
      child.decUsers();
    }
  }
}
