package org.usermem.itests.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.usermem.itests.Execution;

/** The vdso(7) of programs shows the clocks of the system calls. */
@Tag("slow")
class ClocksTest {

  /** Asks each clock by system call, by the vdso, and by system call again. */
  private static final String PROGRAM =
      """
      #define _GNU_SOURCE
      #include <stdio.h>
      #include <sys/auxv.h>
      #include <sys/syscall.h>
      #include <sys/time.h>
      #include <time.h>
      #include <unistd.h>
      static long long nanos(struct timespec t) { return t.tv_sec * 1000000000LL + t.tv_nsec; }
      int main(void) {
        int back = 0;
        for (int round = 0; round < 2000; round++) {
          for (int clock = 0; clock < 12; clock++) {
            struct timespec a, b, c;
            if (clock == 10) continue;
            syscall(SYS_clock_gettime, clock, &a);
            clock_gettime(clock, &b);
            syscall(SYS_clock_gettime, clock, &c);
            back += nanos(a) > nanos(b) || nanos(b) > nanos(c);
          }
          struct timeval a, b, c;
          syscall(SYS_gettimeofday, &a, 0);
          gettimeofday(&b, 0);
          syscall(SYS_gettimeofday, &c, 0);
          back += timercmp(&a, &b, >) || timercmp(&b, &c, >);
          time_t s = syscall(SYS_time, 0), t = time(0), u = syscall(SYS_time, 0);
          back += s > t || t > u;
        }
        struct timespec resolution;
        clock_getres(CLOCK_MONOTONIC, &resolution);
        printf("%d %d %ld %d %d\\n", getauxval(AT_SYSINFO_EHDR) != 0, back,
            resolution.tv_nsec, clock_gettime(99, &resolution), clock_getres(99, 0));
        return 0;
      }
      """;

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"systrap", "ptrace"})
  void timeDoesNotGoBackHoweverItIsAsked(String platform) throws IOException {
    Files.writeString(directory.resolve("t.c"), PROGRAM);
    List<String> options = List.of("--platform", platform, "--workdir", directory.toString());
    Execution actual = Guest.run(directory, options, "/bin/sh", "-c", "cc -o t t.c && ./t");
    assertEquals(new Execution(0, "1 0 1 -1 -1\n", ""), actual);
  }
}
