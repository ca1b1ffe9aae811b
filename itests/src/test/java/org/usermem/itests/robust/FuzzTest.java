package org.usermem.itests.robust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.usermem.itests.Execution;
import org.usermem.itests.guest.Compiler;
import org.usermem.itests.guest.Guest;

/**
 * A guest that makes random calls with random and adversarial arguments, in many processes and
 * threads, gets results and errnos, and the sentry gets nothing: no failure of its own (it would
 * say so on its standard error), nothing that can't be killed, nothing left over.
 *
 * <p>{@code -Dusermem.fuzz.seed} and {@code -Dusermem.fuzz.calls} change what is tried. {@code fuzz
 * SEED 0 ROUND} tries one round again.
 */
@Tag("slow")
class FuzzTest {

  private static final long SEED = Long.getLong("usermem.fuzz.seed", 20_261);
  private static final long CALLS = Long.getLong("usermem.fuzz.calls", 1_000_000);

  /** What the page caches of files of the host, which programs come from, may take. */
  private static final long CACHED_KILOBYTES = 4096;

  @TempDir private Path directory;

  @Test
  void randomCallsGetErrnosUnderSystrap() {
    fuzz("systrap", CALLS * 7 / 10);
  }

  @Test
  void randomCallsGetErrnosUnderPtrace() {
    fuzz("ptrace", CALLS * 3 / 10);
  }

  private void fuzz(String platform, long calls) {
    Path program =
        Compiler.compile(directory, "fuzz", "-nostdlib", "-ffreestanding", "-fno-stack-protector");
    List<String> options = List.of("--platform", platform, "--memory", "512M", "--tasks", "500");
    Execution execution =
        Guest.run(
            directory, options, program.toString(), Long.toString(SEED), Long.toString(calls));
    System.out.printf("fuzz, %s:%n%s", platform, execution.out());
    assertEquals("", withoutKills(execution.err()));
    assertEquals(0, execution.exitCode(), execution.out());
    assertEquals(SEED, figure(execution, "seed"));
    assertTrue(figure(execution, "calls") >= calls, execution.out());
    assertTrue(figure(execution, "successes") >= calls / 20, execution.out());
    assertTrue(figure(execution, "errnos") >= 25, execution.out());
    assertEquals(0, figure(execution, "undefined errnos"), execution.out());
    assertEquals(1, figure(execution, "processes"), execution.out());
    // Its three, and that of the directory where it counts them.
    assertEquals(4, figure(execution, "descriptors"), execution.out());
    assertTrue(figure(execution, "kilobytes lost") <= CACHED_KILOBYTES, execution.out());
  }

  /** That the largest process is killed when the memory is used up is as it should be. */
  private static String withoutKills(String messages) {
    return messages.replaceAll("(?m)^usermem: out of memory: killed process \\d+\n", "");
  }

  private static long figure(Execution execution, String name) {
    Matcher matcher = Pattern.compile("\\b" + name + " (\\d+)").matcher(execution.out());
    assertTrue(matcher.find(), execution.out());
    return Long.parseLong(matcher.group(1));
  }
}
