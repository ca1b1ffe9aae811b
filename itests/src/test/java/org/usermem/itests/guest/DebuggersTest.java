package org.usermem.itests.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.usermem.itests.Execution;

/**
 * Tracers and debuggers of the host trace and debug programs inside a sentry, on both platforms:
 * ptrace(2) from both sides. What depends on addresses, times and numbers of processes is cut out
 * of what they say.
 */
@Tag("slow")
class DebuggersTest {

  private static final String PROGRAM =
      """
      #include <pthread.h>
      static int sum(int n) { return n == 0 ? 0 : n + sum(n - 1); }
      static int done;
      static void *thread(void *p) { *(int *) p = sum(4); return 0; }
      int main(int argc, char **argv) {
        int result;
        pthread_t t;
        pthread_create(&t, 0, thread, &result);
        pthread_join(t, 0);
        done++;
        *(volatile int *) 16 = result;
        return 0;
      }
      """;

  private static final String CALLS =
      "strace -f -o log -e trace=execve,exit_group sh -c 'trap \"echo got\" USR1; kill -USR1 $$;"
          + " /bin/echo b; (exit 3)'; echo $?;"
          + " sed -E 's/^[0-9]+ *//; s/si_pid=[0-9]+//; s/0x[0-9a-f]+//; s/[0-9]+ vars//;"
          + " s/(si_.time=)[0-9]+[^,}]*/\\1/g' log";

  private static final String COUNTS =
      "strace -c -o log seq 3; grep -c -E 'write|execve|total' log";

  private static final String DEBUGGER =
      "cc -g -O0 -o t t.c -lpthread; gdb -nx -batch"
          + " -ex 'break sum if n == 2' -ex run -ex bt -ex 'print n' -ex 'set var n = 0'"
          + " -ex 'x/2i $pc' -ex stepi -ex next -ex finish -ex delete -ex continue -ex bt"
          + " -ex 'print result' -ex 'print $_siginfo.si_signo'"
          + " -ex 'print $xmm0.v2_int64[0] == $xmm0.v2_int64[0]' -ex kill ./t 2>/dev/null"
          + " | grep -E '^(#|\\$|=|[0-9]|   0|Breakpoint|Thread|Value returned)'"
          + " | sed -E 's/0x[0-9a-f]+/X/g; s/ at \\..*//'";

  private static final String WATCH =
      "cc -g -O0 -o t t.c -lpthread; gdb -nx -batch -ex 'break main' -ex run -ex 'watch done'"
          + " -ex continue -ex 'print result' -ex kill ./t 2>/dev/null"
          + " | grep -E '^(Hardware|Old|New|\\$)'";

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"systrap", "ptrace"})
  void callsAndSignalsAreTraced(String platform) throws IOException {
    runAlike(platform, CALLS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"systrap", "ptrace"})
  void callsAreCounted(String platform) throws IOException {
    runAlike(platform, COUNTS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"systrap", "ptrace"})
  void aProgramWithThreadsIsDebugged(String platform) throws IOException {
    runAlike(platform, DEBUGGER);
  }

  /** Not beside the host, which may have no debug registers to give away. */
  @ParameterizedTest
  @ValueSource(strings = {"systrap", "ptrace"})
  void aVariableIsWatched(String platform) throws IOException {
    Files.writeString(directory.resolve("t.c"), PROGRAM);
    List<String> options = List.of("--platform", platform, "--workdir", directory.toString());
    assertEquals(
        """
        Hardware watchpoint 2: done
        Old value = 0
        New value = 1
        $1 = 10
        """,
        Guest.run(directory, options, "/bin/sh", "-c", WATCH).out());
  }

  private void runAlike(String platform, String script) throws IOException {
    Path here = Files.createDirectory(directory.resolve("host"));
    Path there = Files.createDirectory(directory.resolve("guest"));
    Files.writeString(here.resolve("t.c"), PROGRAM);
    Files.writeString(there.resolve("t.c"), PROGRAM);
    Execution expected = Execution.of(here, "/bin/sh", "-c", script);
    List<String> options = List.of("--platform", platform, "--workdir", there.toString());
    assertEquals(expected, Guest.run(there, options, "/bin/sh", "-c", script));
    assertTrue(expected.out().lines().count() > 1, expected::toString);
  }
}
