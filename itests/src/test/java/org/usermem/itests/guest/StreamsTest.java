package org.usermem.itests.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.usermem.itests.BuiltModules;
import org.usermem.itests.Execution;

/**
 * The caller's standard streams are the program's: files, pipes, devices and none. {@code $x} is
 * nothing on the host and {@code usermem run --} for the guest.
 */
@Tag("slow")
class StreamsTest {

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(read first; $x cat) < in",
        "($x sh -c 'read first; echo $first'; cat) < in",
        "$x tail -c 3 < in; $x sort -r - < in; $x sh -c 'stat -Lc %s /dev/stdin; cat /dev/stdin' <"
            + " in",
        "echo before > out; $x echo after >> out; cat out",
        "$x sh -c 'echo one; ls /no/such; echo two' > out 2>&1; cat out",
        "$x dd if=/dev/zero bs=1k count=1 seek=3 > out 2>/dev/null; wc -c < out",
        "$x cat <&-",
        "$x sh -c 'echo lost; echo $? >&2' >&-",
        "$x sh -c 'echo kept; echo lost >&2' 2>&-",
        "$x sh -c 'yes; echo $? >&2' | head -1",
        "$x sh -c 'seq 100000; echo $?' > /dev/full",
        "seq 100000 | $x sha256sum; $x sh -c 'exit 255'; echo $?",
        // A shell tells of its own child that was killed; where it says so is of no interest.
        "{ $x sh -c 'kill -KILL $$'; } 2>/dev/null; echo $?",
      })
  void standardStreamsAreTheCallers(String script) throws IOException {
    Files.writeString(directory.resolve("in"), "first\nsecond\nthird\n");
    Execution expected = run(script, "");
    Execution actual = run(script, BuiltModules.sourceTree().resolve("usermem") + " run --");
    assertEquals(expected, actual);
  }

  private Execution run(String script, String prefix) {
    return Execution.of(directory, "env", "x=" + prefix, "sh", "-c", script);
  }
}
