package org.usermem.sentry.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.usermem.sentry.fixture.PluginSource;
import picocli.CommandLine;

class CheckCommandTest {

  @TempDir Path dir;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... words) {
    CommandLine line = UsermemCommand.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    return line.execute(words);
  }

  private String jar(String body) {
    return PluginSource.module("com.acme", "")
        .type("A", "public class A { " + body + " }")
        .jar(dir.resolve("acme.jar"))
        .toString();
  }

  @Test
  void exitsZeroAndPrintsNothingForAGoodPlugin() {
    assertEquals(0, run("check", jar("")));
    assertEquals("", out.toString());
  }

  @Test
  void exitsOneAndPrintsALineAViolation() {
    assertEquals(1, run("check", jar("native void f(); native void g();")));
    assertEquals(2, out.toString().lines().count(), out.toString());
  }

  @Test
  void rightsCanBeGrantedOnTop() {
    assertEquals(0, run("check", "--with", "native-access", jar("native void f();")));
  }

  @Test
  void anotherLayerCanBeAsked() {
    assertEquals(0, run("check", "--layer", "native-library", jar("native void f();")));
  }

  @Test
  void unknownLayersRightsAndFilesAreErrorsOfUsage() {
    assertEquals(2, run("check", "--layer", "none", jar("")));
    assertEquals(2, run("check", "--with", "none", jar("")));
    assertEquals(2, run("check", dir.resolve("none.jar").toString()));
    assertTrue(err.toString().contains("no layer 'none'"), err.toString());
  }
}
