package org.usermem.itests.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.usermem.itests.BuiltModules;
import org.usermem.itests.Execution;

/** Plug-ins come and go while a guest uses them; the guest is a shell that is told what to do. */
class PluginGuestTest {

  private static final String GONE = "No such device";

  @TempDir private Path dir;

  private Path plugins;
  private Path socket;
  private Process sentry;
  private OutputStream commands;
  private BufferedReader answers;

  @BeforeEach
  void start() throws IOException {
    plugins = Files.createDirectory(dir.resolve("plugins"));
    socket = dir.resolve("socket");
    sentry =
        new ProcessBuilder(
                usermem(),
                "run",
                "--plugins",
                plugins.toString(),
                "--control",
                socket.toString(),
                "--",
                "/bin/busybox",
                "sh")
            .redirectError(dir.resolve("errors").toFile())
            .start();
    commands = sentry.getOutputStream();
    answers =
        new BufferedReader(new InputStreamReader(sentry.getInputStream(), StandardCharsets.UTF_8));
    assertEquals("", tell("mkdir /tmp/plugged"));
  }

  @AfterEach
  void end() throws Exception {
    commands.close();
    assertEquals(0, sentry.waitFor(), Files.readString(dir.resolve("errors")));
  }

  private static String usermem() {
    return BuiltModules.sourceTree().resolve("usermem").toString();
  }

  /** Has the guest run a command, and returns what it says, errors too. */
  private String tell(String command) {
    try {
      commands.write(
          ("{ " + command + "; } 2>&1; echo; echo ::end\n").getBytes(StandardCharsets.UTF_8));
      commands.flush();
      StringBuilder said = new StringBuilder();
      for (String line = answers.readLine(); !"::end".equals(line); line = answers.readLine()) {
        if (line == null) {
          throw new AssertionError("the guest ended: " + Files.readString(dir.resolve("errors")));
        }
        said.append(line).append('\n');
      }
      return said.toString().strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void shell(String line) {
    Execution shell = Execution.of(dir, usermem(), "shell", "-c", line, socket.toString());
    assertEquals(0, shell.exitCode(), shell.err());
  }

  private void drop(String example) throws IOException {
    Path made = ExamplesTest.compile(ExamplesTest.example(example), dir.resolve(example + ".jar"));
    Files.move(made, plugins.resolve(example + ".jar"));
  }

  /** What has no end is ended by surefire's own limit. */
  private void until(String condition) {
    assertEquals("", tell("until " + condition + "; do sleep 0.1; done"));
  }

  @Test
  void aFileSystemGoesUnderAGuestAndComesBack() throws IOException {
    assertTrue(tell("mount -t myfs none /tmp/plugged").contains(GONE));
    drop("template");
    until("mount -t myfs none /tmp/plugged 2>/dev/null");
    assertEquals("hello", tell("cat /tmp/plugged/hello"));
    assertEquals(
        "hello", tell("exec 3</tmp/plugged/hello; head -c 5 <&3; exec 4</tmp/plugged/hello"));
    shell("plugins stop template.jar");
    assertTrue(tell("cat <&4").contains(GONE));
    assertTrue(tell("cat /tmp/plugged/hello").contains(GONE));
    assertTrue(tell("ls /tmp/plugged").contains(GONE));
    shell("plugins start template.jar");
    assertTrue(tell("cat <&4").contains(GONE));
    assertEquals("", tell("umount -l /tmp/plugged"));
    assertEquals("", tell("mount -t myfs none /tmp/plugged"));
    assertEquals("hello", tell("cat /tmp/plugged/hello"));
    Files.delete(plugins.resolve("template.jar"));
    until("! cat /tmp/plugged/hello >/dev/null 2>&1");
    assertEquals("still here", tell("exec 3<&- 4<&-; umount -l /tmp/plugged; echo still here"));
  }

  @Test
  void aDeviceComesAndGoes() throws IOException {
    drop("dice");
    until("[ -c /dev/dice ]");
    assertTrue(tell("head -n 1 /dev/dice").matches("[1-6]"));
    assertEquals("", tell("exec 3</dev/dice"));
    shell("plugins stop dice.jar");
    assertTrue(tell("cat <&3").contains(GONE));
    assertEquals("gone", tell("[ -e /dev/dice ] || echo gone"));
  }
}
