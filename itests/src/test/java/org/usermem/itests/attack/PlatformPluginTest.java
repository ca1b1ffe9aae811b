package org.usermem.itests.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.usermem.itests.BuiltModules;
import org.usermem.itests.Execution;

/** A platform comes from a plug-in, if the assembly trusts it with that. */
class PlatformPluginTest {

  @TempDir private Path dir;

  /** Runs guest code by the platform ptrace, under a name of its own. */
  private void makePlugin() {
    PluginSource.module(
            "com.acme.platform",
            "requires org.usermem.platform;"
                + " provides org.usermem.platform.PlatformProvider with com.acme.platform.A;")
        .type(
            "A",
            """
            public class A implements org.usermem.platform.PlatformProvider {
              public String name() { return "acme"; }
              public org.usermem.platform.Platform open(
                  org.usermem.platform.memory.HostMemoryFile memoryFile) {
                return org.usermem.platform.Platforms.open(
                    org.usermem.platform.PlatformKind.PTRACE, memoryFile);
              }
            }
            """)
        .past("org.usermem.platform/org.usermem.platform")
        .past("org.usermem.platform/org.usermem.platform.memory")
        .with(BuiltModules.modulePath())
        .jar(dir.resolve("platform.jar"));
  }

  private Execution run(String assembly, String platform) throws IOException {
    Path file = dir.resolve("assembly.txt");
    Files.writeString(file, assembly);
    return Execution.of(
        dir,
        BuiltModules.sourceTree().resolve("usermem").toString(),
        "run",
        "--assembly",
        file.toString(),
        "--platform",
        platform,
        "--",
        "/bin/busybox",
        "echo",
        "hi");
  }

  @Test
  void aGuestRunsOnThePlatformOfAPlugin() throws IOException {
    makePlugin();
    String assembly =
        "assembly 1\nplace plugin platform.jar platform-plugin\nbundle platform.jar\n";
    Execution run = run(assembly, "acme");
    assertEquals("hi\n", run.out(), run.err());
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(
        run.err().contains("export of org.usermem.platform/org.usermem.platform"), run.err());
    Execution other = run(assembly, "nonsense");
    assertEquals(125, other.exitCode());
    assertTrue(other.err().contains("there is no platform 'nonsense'"), other.err());
  }

  @Test
  void aPlatformAmongThePluginsIsRefused() throws IOException {
    makePlugin();
    Execution run = run("assembly 1\nbundle platform.jar\n", "acme");
    assertEquals(125, run.exitCode());
    assertTrue(run.err().contains("right platform"), run.err());
  }
}
