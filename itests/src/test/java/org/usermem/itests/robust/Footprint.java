package org.usermem.itests.robust;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What sentries have of this JVM's.
 *
 * @param threads the names of their threads, in order
 * @param processes how many processes there are below this one
 * @param descriptors how many descriptors are open
 * @param sharedMebibytes how much of the JVM's resident memory is in memory files
 */
record Footprint(List<String> threads, long processes, long descriptors, long sharedMebibytes) {

  /** After so long something is left for good: not a limit of speed. */
  private static final long LEFT_MILLIS = 60_000;

  static Footprint now() {
    return new Footprint(
        Thread.getAllStackTraces().keySet().stream()
            .map(Thread::getName)
            .filter(name -> name.startsWith("usermem"))
            .sorted()
            .toList(),
        ProcessHandle.current().descendants().count(),
        count(Path.of("/proc/self/fd")),
        sharedMebibytesNow());
  }

  private static long count(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long sharedMebibytesNow() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith("RssShmem:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until the JVM has what it had before; what a sentry leaves behind fails. */
  static void assertBackTo(Footprint before) throws InterruptedException {
    long end = System.nanoTime() + LEFT_MILLIS * 1_000_000;
    Footprint now = now();
    while (!now.equals(before) && System.nanoTime() < end) {
      Thread.sleep(10);
      now = now();
    }
    assertEquals(before, now);
  }
}
