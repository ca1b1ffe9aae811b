package org.usermem.sentry.assembly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.ref.WeakReference;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.kernel.ThreadGroup;
import org.usermem.kernel.WaitStatus;
import org.usermem.kernel.signal.Signals;
import org.usermem.platform.PlatformProvider;
import org.usermem.sentry.component.SentryParts;
import org.usermem.sentry.fixture.PluginSource;
import org.usermem.sentry.policy.Place;
import org.usermem.sentry.policy.Policy;
import org.usermem.sentry.run.GuestStreams;
import org.usermem.sentry.run.RunOptions;
import org.usermem.sentry.run.Sentry;
import org.usermem.sentry.run.UserOption;

/** Declarative Services wire a sentry to its platform, which may be one of a plug-in. */
class SentryPartsTest {

  private static final long MEMORY_BYTES = 256L << 20;
  private static final int TASKS = 50;

  @TempDir private Path dir;

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  /** Runs guest code as ptrace does, and calls the host itself for each address space. */
  private Path platform() {
    return PluginSource.module(
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
            record B(Platform host) implements Platform {
              public String name() { return "acme"; }
              public AddressSpace newAddressSpace() {
                Linker linker = Linker.nativeLinker();
                try {
                  int pid = (int) linker
                      .downcallHandle(
                          linker.defaultLookup().find("getpid").orElseThrow(),
                          FunctionDescriptor.of(ValueLayout.JAVA_INT))
                      .invokeExact();
                  if (pid <= 0) { throw new PlatformException("no process"); }
                } catch (PlatformException e) {
                  throw e;
                } catch (Throwable e) {
                  throw new PlatformException("no getpid: " + e);
                }
                return host.newAddressSpace();
              }
              public long minAddress() { return host.minAddress(); }
              public long maxAddress() { return host.maxAddress(); }
              public void close() { host.close(); }
            }
            """)
        .past("org.usermem.platform/org.usermem.platform")
        .past("org.usermem.platform/org.usermem.platform.memory")
        .jar(dir.resolve("platform.jar"));
  }

  private static AssemblyFile file(Map<String, Object> properties) {
    Place place =
        new Place(
            Place.Origin.PLUGIN,
            "platform.jar",
            "platform-plugin",
            Set.of("native-access"),
            Optional.empty());
    return new AssemblyFile(
        "test",
        Policy.standard().withPlaces(List.of(place)),
        List.of(),
        Optional.empty(),
        List.of(),
        Map.of(Assembly.SENTRY, properties));
  }

  private static Assembly assemble(AssemblyFile file) {
    return Assembly.start(file, PluginServices.TYPES, event -> {});
  }

  private Sentry open(Assembly assembly, AssemblyFile file, String... command) {
    RunOptions options =
        new RunOptions(
            List.of(command),
            Path.of("/"),
            List.of(),
            List.of(),
            Optional.of("/"),
            UserOption.ROOT,
            "test",
            MEMORY_BYTES,
            TASKS,
            Optional.empty(),
            false,
            false,
            false);
    GuestStreams streams =
        new GuestStreams(
            Channels.newChannel(InputStream.nullInputStream()),
            Channels.newChannel(OutputStream.nullOutputStream()),
            Channels.newChannel(OutputStream.nullOutputStream()),
            false);
    return assembly
        .service(SentryParts.class)
        .orElseThrow()
        .open(
            options, streams, assembly, file, new PrintStream(said, true, StandardCharsets.UTF_8));
  }

  @Test
  void aSentryIsWiredToThePlatformOfItsConfiguration() {
    for (Map<String, Object> properties :
        List.<Map<String, Object>>of(Map.of(), Map.of("platform", "ptrace"))) {
      AssemblyFile file = file(properties);
      try (Assembly assembly = assemble(file);
          Sentry sentry = open(assembly, file, "/bin/true")) {
        assertEquals(0, sentry.start().exit().join());
      }
    }
    assertEquals("", said.toString(StandardCharsets.UTF_8));
  }

  @Test
  void thereIsNoSentryWithoutItsPlatform() {
    AssemblyFile file = file(Map.of("platform.target", "(usermem.platform=acme)"));
    try (Assembly assembly = assemble(file)) {
      assertTrue(assembly.service(SentryParts.class).isEmpty());
      assembly.plugins().start(assembly.plugins().install(platform()).name());
      assertTrue(assembly.service(SentryParts.class).isPresent());
      assembly.plugins().stop("platform.jar");
      assertTrue(assembly.service(SentryParts.class).isEmpty());
    }
  }

  /** Stops a platform under its guest, and returns the loader of its classes. */
  private WeakReference<ClassLoader> stopUnderGuest(
      Assembly assembly, AssemblyFile file, Path plugin) {
    assembly.plugins().start(assembly.plugins().install(plugin).name());
    Bundle bundle =
        Objects.requireNonNull(
            assembly.context().getBundle("plugin:platform.jar/com.acme.platform"));
    Class<?> type =
        assembly
            .context()
            .getService(Objects.requireNonNull(bundle.getRegisteredServices())[0])
            .getClass();
    assertTrue(PlatformProvider.class.isAssignableFrom(type));
    try (Sentry sentry = open(assembly, file, "/bin/sleep", "1000")) {
      ThreadGroup guest = sentry.start();
      sentry.start(List.of("/bin/sleep", "1000"));
      assertFalse(guest.exit().isDone());
      assembly.plugins().stop("platform.jar");
      assertTrue(guest.exit().isDone());
      assertEquals(128 + Signals.SIGKILL, WaitStatus.shellCode(guest.exit().join()));
      assertEquals(List.of(), sentry.inspection().processes());
      LinuxException e = assertThrows(LinuxException.class, sentry::start);
      assertEquals(Errno.ENODEV, e.errno());
    }
    assembly.plugins().uninstall("platform.jar");
    return new WeakReference<>(type.getClassLoader());
  }

  @Test
  void aGuestIsKilledWithItsPlatformAndTheSentryGoesOnWithAnother() throws Exception {
    AssemblyFile file = file(Map.of("platform.target", "(usermem.platform=acme)"));
    Path plugin = platform();
    List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    try (Assembly assembly = assemble(file)) {
      for (int round = 0; round < 3; round++) {
        loaders.add(stopUnderGuest(assembly, file, plugin));
      }
      String text = said.toString(StandardCharsets.UTF_8);
      assertEquals(3, text.lines().count(), text);
      for (int i = 0; i < 100 && loaders.stream().anyMatch(l -> l.get() != null); i++) {
        System.gc();
        Thread.sleep(20);
      }
      assertTrue(loaders.stream().allMatch(l -> l.get() == null), "classes are still there");
    }
  }
}
