package org.usermem.itests.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

  /** A library that counts address spaces, and leaves a file when it is unloaded. */
  private Path compileLibrary(Path left) throws IOException {
    Path gcc = Path.of("/usr/bin/gcc");
    assumeTrue(Files.isExecutable(gcc), "needs the package gcc");
    Path source =
        Files.writeString(
            dir.resolve("counting.c"),
            """
            #include <fcntl.h>
            #include <stdio.h>
            static int made;
            int count(void) { return ++made; }
            __attribute__((destructor)) static void leave(void) {
              FILE *f = fopen("%s", "w");
              fprintf(f, "%%d", made);
              fclose(f);
            }
            """
                .formatted(left));
    Path library = dir.resolve("libcounting.so");
    Execution compiler =
        Execution.of(
            dir, gcc.toString(), "-shared", "-fPIC", "-o", library.toString(), source.toString());
    assertEquals("", compiler.err());
    return library;
  }

  /** As the one above, but each address space is counted by a library of the plug-in's own. */
  private void makePlugin(Path library) {
    PluginSource.module(
            "com.acme.platform",
            "requires org.usermem.platform;"
                + " provides org.usermem.platform.PlatformProvider with com.acme.platform.A;")
        .type(
            "A",
            """
            import org.usermem.platform.*;
            public class A implements PlatformProvider {
              public String name() { return "acme"; }
              public Platform open(org.usermem.platform.memory.HostMemoryFile memoryFile) {
                return new B(Platforms.open(PlatformKind.PTRACE, memoryFile));
              }
            }
            """)
        .type(
            "B",
            """
            import java.lang.foreign.*;
            import org.usermem.platform.*;
            class B implements Platform {
              private final Platform host;
              private final Arena arena = Arena.ofShared();
              private final java.lang.invoke.MethodHandle count =
                  Linker.nativeLinker().downcallHandle(
                      SymbolLookup.libraryLookup("%s", arena).find("count").orElseThrow(),
                      FunctionDescriptor.of(ValueLayout.JAVA_INT));
              B(Platform host) { this.host = host; }
              public String name() { return "acme"; }
              public AddressSpace newAddressSpace() {
                try {
                  int made = (int) count.invokeExact();
                } catch (Throwable e) {
                  throw new PlatformException("not counted: " + e);
                }
                return host.newAddressSpace();
              }
              public long minAddress() { return host.minAddress(); }
              public long maxAddress() { return host.maxAddress(); }
              public void close() {
                host.close();
                if (arena.scope().isAlive()) { arena.close(); }
              }
            }
            """
                .formatted(library))
        .past("org.usermem.platform/org.usermem.platform")
        .past("org.usermem.platform/org.usermem.platform.memory")
        .with(BuiltModules.modulePath())
        .jar(dir.resolve("platform.jar"));
  }

  @Test
  void aPlatformWithALibraryOfItsOwnStopsUnderItsGuest() throws Exception {
    Path left = dir.resolve("left");
    makePlugin(compileLibrary(left));
    Path file = dir.resolve("assembly.txt");
    Files.writeString(
        file,
        """
        assembly 1
        place plugin platform.jar platform-plugin with native-access
        bundle platform.jar
        """);
    String usermem = BuiltModules.sourceTree().resolve("usermem").toString();
    Path socket = dir.resolve("socket");
    Path errors = dir.resolve("errors");
    Process sentry =
        new ProcessBuilder(
                usermem,
                "run",
                "--assembly",
                file.toString(),
                "--platform",
                "acme",
                "--control",
                socket.toString(),
                "--",
                "/bin/busybox",
                "sh",
                "-c",
                "/bin/busybox echo ready; /bin/busybox sleep 10000")
            .redirectError(errors.toFile())
            .start();
    try (BufferedReader output = sentry.inputReader(StandardCharsets.UTF_8)) {
      assertEquals("ready", output.readLine(), () -> text(errors));
      Execution stop =
          Execution.of(dir, usermem, "shell", "-c", "plugins stop platform.jar", socket.toString());
      assertEquals(null, output.readLine());
      assertEquals(137, sentry.waitFor(), () -> text(errors) + stop.err());
    } finally {
      sentry.destroyForcibly();
    }
    assertTrue(text(errors).contains("the platform of the guest has gone"), text(errors));
    assertFalse(text(errors).contains("Exception"), text(errors));
    // The first shell, and a process for each command of busybox's.
    assertTrue(Integer.parseInt(text(left)) >= 3, text(left));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
