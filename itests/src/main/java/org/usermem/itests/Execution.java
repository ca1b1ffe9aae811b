package org.usermem.itests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A host command that has ended.
 *
 * @param exitCode its exit code
 * @param out what it wrote to its standard output
 * @param err what it wrote to its standard error
 */
public record Execution(int exitCode, String out, String err) {

  /** After so long a command hangs and the test fails: it is not a limit of speed. */
  private static final long HANG_SECONDS = 900;

  /** Runs a command to its end, with nothing on its standard input. */
  public static Execution of(Path directory, String... command) {
    return of(directory, Path.of("/dev/null"), command);
  }

  /** Runs a command to its end, with a file as its standard input. */
  public static Execution of(Path directory, Path in, String... command) {
    try {
      Path out = Files.createTempFile("out", null);
      Path err = Files.createTempFile("err", null);
      try {
        Process process =
            new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
          if (!process.waitFor(HANG_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError(
                "hangs: " + String.join(" ", command) + "\n" + Files.readString(err));
          }
        } finally {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly();
        }
        return new Execution(process.exitValue(), Files.readString(out), Files.readString(err));
      } finally {
        Files.deleteIfExists(out);
        Files.deleteIfExists(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
