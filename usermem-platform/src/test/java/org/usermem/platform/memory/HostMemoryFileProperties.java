package org.usermem.platform.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.usermem.addr.Addr;
import org.usermem.errno.LinuxException;
import org.usermem.memmap.FileRange;
import org.usermem.memmap.MemoryKind;

/** Compares the memory file with one count a page. */
class HostMemoryFileProperties {

  private static final long PAGE = Addr.PAGE_SIZE;
  private static final int LIMIT_PAGES = 600;
  private static final List<MemoryKind> KINDS = List.of(MemoryKind.values());

  @Property(tries = 150, seed = "1")
  void behavesAsOneCountAPage(@ForAll long seed) {
    Random random = new Random(seed);
    MemoryFileOptions options =
        new MemoryFileOptions(4L << 20, LIMIT_PAGES * PAGE, 20 * PAGE, false);
    Map<Long, Integer> counts = new HashMap<>();
    List<FileRange> held = new ArrayList<>();
    try (HostMemoryFile file = HostMemoryFile.create(options)) {
      for (int step = 0; step < 200; step++) {
        if (held.isEmpty() || random.nextInt(5) < 2) {
          allocate(file, random, counts, held);
        } else if (random.nextInt(5) < 2) {
          addReference(file, random, counts, held);
        } else {
          dropReference(file, random, counts, held);
        }
        file.check();
        assertEquals(counts.size() * PAGE, file.usage().allocated());
      }
    }
  }

  private static void allocate(
      HostMemoryFile file, Random random, Map<Long, Integer> counts, List<FileRange> held) {
    int pages = 1 + random.nextInt(random.nextInt(10) == 0 ? 200 : 8);
    MemoryKind kind = KINDS.get(random.nextInt(KINDS.size()));
    FileRange range;
    try {
      range = file.allocate(pages * PAGE, kind);
    } catch (LinuxException noMemory) {
      // 1,024 pages are reserved, so only the limit or fragmentation can be the reason.
      assertTrue(counts.size() + pages > LIMIT_PAGES || pages > 1);
      return;
    }
    MemorySegment segment = file.segment(range);
    for (long offset = 0; offset < range.byteCount(); offset += 512) {
      assertEquals(0, segment.get(ValueLayout.JAVA_LONG, offset));
    }
    segment.fill((byte) 1);
    for (long page = range.start(); page < range.end(); page += PAGE) {
      assertEquals(null, counts.put(page, 1));
    }
    held.add(range);
  }

  private static void addReference(
      HostMemoryFile file, Random random, Map<Long, Integer> counts, List<FileRange> held) {
    FileRange part = part(random, held.get(random.nextInt(held.size())));
    file.incRef(part);
    for (long page = part.start(); page < part.end(); page += PAGE) {
      counts.merge(page, 1, Integer::sum);
    }
    held.add(part);
  }

  private static void dropReference(
      HostMemoryFile file, Random random, Map<Long, Integer> counts, List<FileRange> held) {
    FileRange range = held.remove(random.nextInt(held.size()));
    FileRange part = part(random, range);
    if (part.start() > range.start()) {
      held.add(new FileRange(range.start(), part.start()));
    }
    if (part.end() < range.end()) {
      held.add(new FileRange(part.end(), range.end()));
    }
    file.decRef(part);
    for (long page = part.start(); page < part.end(); page += PAGE) {
      counts.compute(page, (offset, count) -> count == null || count == 1 ? null : count - 1);
    }
  }

  private static FileRange part(Random random, FileRange range) {
    int pages = (int) (range.byteCount() / PAGE);
    int first = random.nextInt(pages);
    int length = 1 + random.nextInt(pages - first);
    return FileRange.of(range.start() + first * PAGE, length * PAGE);
  }
}
