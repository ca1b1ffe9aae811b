package org.usermem.sentry.assembly;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.usermem.sentry.fixture.PluginSource;
import org.usermem.sentry.plugin.Plugins;

class PluginUnloadingTest {

  @TempDir Path dir;

  private Path plugin() {
    return PluginSource.module("com.acme", "provides java.util.function.Supplier with com.acme.A;")
        .type(
            "A",
            "public class A implements java.util.function.Supplier<String> {"
                + " static final byte[] WEIGHT = new byte[1 << 20];"
                + " public String get() { return \"\" + WEIGHT.length; } }")
        .type("C", "public class C implements Runnable { public void run() {} }")
        .header("Service-Component", "OSGI-INF/c.xml")
        .entry(
            "OSGI-INF/c.xml",
            """
            <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="com.acme.C" immediate="true">
              <implementation class="com.acme.C"/>
              <service><provide interface="java.lang.Runnable"/></service>
            </scr:component>
            """
                .getBytes(StandardCharsets.UTF_8))
        .jar(dir.resolve("acme.jar"));
  }

  private static WeakReference<ClassLoader> round(Assembly assembly, Path jar) {
    Plugins host = assembly.plugins();
    host.start(host.install(jar).name());
    Bundle bundle = assembly.context().getBundle("plugin:acme.jar/com.acme");
    WeakReference<ClassLoader> loader = null;
    for (ServiceReference<?> reference : Objects.requireNonNull(bundle.getRegisteredServices())) {
      Object service = assembly.context().getService(reference);
      if (service.getClass().getName().startsWith("com.acme.")) {
        loader = new WeakReference<>(service.getClass().getClassLoader());
      }
      assembly.context().ungetService(reference);
    }
    host.uninstall("acme.jar");
    return Objects.requireNonNull(loader);
  }

  private static long alive(List<WeakReference<ClassLoader>> loaders) throws InterruptedException {
    long alive = 0;
    for (int attempt = 0; attempt < 50; attempt++) {
      System.gc();
      alive = loaders.stream().filter(l -> l.get() != null).count();
      if (alive == 0) {
        break;
      }
      Thread.sleep(20);
    }
    return alive;
  }

  private void rounds(int count, AssemblyFile file) throws InterruptedException {
    Path jar = plugin();
    try (Assembly assembly = Assembly.start(file, List.of(Supplier.class), e -> {})) {
      List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        loaders.add(round(assembly, jar));
      }
      long alive = alive(loaders);
      assertTrue(alive == 0, alive + " of " + count + " class loaders are still there");
    }
  }

  @Test
  void aClassLoaderIsCollectedAfterItsPluginIsUninstalled() throws InterruptedException {
    rounds(10, AssemblyFile.standard());
  }

  @Test
  void aClassLoaderIsCollectedWhereComponentsAreConfigured() throws InterruptedException {
    AssemblyFile standard = AssemblyFile.standard();
    rounds(
        10,
        new AssemblyFile(
            "configured",
            standard.policy(),
            List.of(),
            Optional.empty(),
            List.of(),
            Map.of("com.acme.C", Map.of("key", "value"))));
  }

  @Test
  @Tag("slow")
  void aThousandRoundsLeaveNothingBehind() throws InterruptedException {
    rounds(1000, AssemblyFile.standard());
  }
}
