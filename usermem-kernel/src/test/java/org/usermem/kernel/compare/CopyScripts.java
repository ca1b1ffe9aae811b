package org.usermem.kernel.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Makes random scripts of reads and writes into memory with holes. A line is an operation with its
 * arguments; addresses and lengths are decimal or hexadecimal numbers. The same lines are executed
 * by {@link CopyInterpreter} and by {@code driver.c}.
 */
final class CopyScripts {

  static final long BASE = 0x100_0000_0000L;
  static final long IOVECS = 0x200_0000_0000L;
  static final int PAGES = 12;
  static final int PAGE = 4096;

  private static final String PROTECTIONS = "wwwwwwrrn-";
  private static final long[] ODD_LENGTHS = {
    0, 1, -1, Long.MAX_VALUE, Integer.MAX_VALUE, 0x7fff_f000L, 1L << 47, 1L << 32
  };
  private static final long[] ODD_ADDRESSES = {
    0, 1, -1, -4096, 1L << 47, (1L << 47) - 4096, (1L << 47) - 4097, Long.MIN_VALUE
  };

  private final Random random;
  private final boolean withPipes;
  private final List<String> lines = new ArrayList<>();
  private final char[] protections = new char[PAGES];

  /**
   * Makes scripts.
   *
   * @param withPipes whether some files are pipes, and most transfers theirs
   */
  CopyScripts(long seed, boolean withPipes) {
    this.random = new Random(seed);
    this.withPipes = withPipes;
  }

  List<String> script(int operations) {
    lines.clear();
    lines.add("reset");
    for (int page = 0; page < PAGES; page++) {
      protections[page] = PROTECTIONS.charAt(random.nextInt(PROTECTIONS.length()));
      if (protections[page] != '-') {
        lines.add("map " + page + " " + protections[page] + " " + random.nextInt(100));
      }
    }
    for (int file = 0; file < 3; file++) {
      int[] flags = {0, 1, 2, 2, 2, 0x401, 0x402};
      lines.add(
          "open %d %c 0x%x %d %d"
              .formatted(
                  file,
                  random.nextBoolean() ? 't' : 'h',
                  flags[random.nextInt(flags.length)],
                  random.nextInt(5 * PAGE),
                  random.nextInt(100)));
    }
    if (withPipes) {
      lines.add("pipe 3 " + (random.nextInt(4) == 0 ? "0x4000" : "0"));
    }
    for (int index = 0; index < operations; index++) {
      operation();
    }
    return List.copyOf(lines);
  }

  private void operation() {
    int file = random.nextInt(40) == 0 ? 7 : random.nextInt(3);
    int operation = random.nextInt(12);
    if (withPipes && random.nextInt(4) != 0) {
      // What is written to one end is read from the other; now and then it is the wrong one.
      boolean writes = operation < 10 && operation / 2 % 2 == 1;
      file = writes == (random.nextInt(20) != 0) ? 4 : 3;
    }
    switch (operation) {
      case 0, 1 -> add("read", file, buffer());
      case 2, 3 -> add("write", file, buffer());
      case 4 -> add("readv", file, iovecs());
      case 5 -> add("pread", file, buffer() + " " + offset());
      case 6 -> add("pwrite", file, buffer() + " " + offset());
      case 7 -> add("writev", file, iovecs());
      case 8 -> add("preadv", file, offset() + " " + iovecs());
      case 9 -> add("pwritev", file, offset() + " " + iovecs());
      case 10 -> placedIovecs(file);
      default -> add("lseek", file, offset() + " " + random.nextInt(3));
    }
  }

  private void add(String operation, int file, String rest) {
    lines.add(operation + " " + file + " " + rest);
  }

  private String buffer() {
    return hex(address()) + " " + hex(length());
  }

  private static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }

  private long address() {
    if (random.nextInt(25) == 0) {
      return ODD_ADDRESSES[random.nextInt(ODD_ADDRESSES.length)];
    }
    long page = BASE + (long) random.nextInt(PAGES) * PAGE;
    return switch (random.nextInt(3)) {
      case 0 -> page;
      case 1 -> page + PAGE - 1 - random.nextInt(64);
      default -> page + random.nextInt(PAGE);
    };
  }

  private long length() {
    return switch (random.nextInt(12)) {
      case 0 -> ODD_LENGTHS[random.nextInt(ODD_LENGTHS.length)];
      case 1, 2, 3 -> random.nextInt(100);
      case 4, 5 -> PAGE;
      default -> random.nextInt(3 * PAGE);
    };
  }

  private long offset() {
    return switch (random.nextInt(8)) {
      case 0 -> -1 - random.nextInt(10);
      case 1 -> 0;
      default -> random.nextInt(6 * PAGE);
    };
  }

  private String iovecs() {
    if (random.nextInt(30) == 0) {
      return random.nextBoolean() ? "-1" : "1025";
    }
    int count = random.nextInt(6);
    StringBuilder text = new StringBuilder().append(count);
    for (int index = 0; index < count; index++) {
      long length = random.nextInt(20) == 0 ? length() : random.nextInt(PAGE + 100);
      text.append(' ').append(hex(address())).append(' ').append(hex(length));
    }
    return text.toString();
  }

  /** An array of iovecs in the program's own pages, perhaps across the end of a page. */
  private void placedIovecs(int file) {
    int page = random.nextInt(PAGES);
    long at = BASE + (long) page * PAGE + PAGE - 16L * random.nextInt(4);
    int count = 1 + random.nextInt(4);
    for (int word = 0; word < 2 * count; word++) {
      long where = at + 8L * word;
      int target = (int) ((where - BASE) / PAGE);
      if (target < PAGES && protections[target] == 'w') {
        long value = word % 2 == 0 ? address() : random.nextInt(PAGE);
        lines.add("poke " + hex(where) + " " + hex(value));
      }
    }
    String operation = random.nextBoolean() ? "readvat" : "writevat";
    add(operation, file, hex(at) + " " + count);
  }
}
