package org.usermem.itests.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.usermem.sentry.assembly.Assembly;
import org.usermem.sentry.assembly.AssemblyFile;
import org.usermem.sentry.check.Violation;
import org.usermem.sentry.plugin.PluginException;
import org.usermem.sentry.plugin.PluginRefusedException;
import org.usermem.sentry.plugin.PluginStatus;
import org.usermem.sentry.policy.Place;
import org.usermem.sentry.policy.Policy;
import org.usermem.sentry.policy.PolicyReader;

/**
 * No attack succeeds, and each is stopped where the table says. To see what the later stages stop,
 * the attacks on them are let past the check by a policy that reports what it should refuse.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AttackTest {

  private static final String LENIENT =
      """

      layer lenient
        may-name **
        may-require *
        may-see java.** org.usermem.fs.**
        reports io address-space memory-file platform native-access reflection threads host-files network processes jvm
        reports flight-recorder osgi wiring
      """;

  @TempDir static Path dir;

  private final List<Callable<?>> callables = new CopyOnWriteArrayList<>();
  private Assembly strict;
  private Assembly lenient;
  private Path victim;

  @BeforeAll
  void assemble() {
    strict = Assembly.start(assembly(Policy.standard()), List.of(Callable.class), e -> {});
    Place place = new Place(Place.Origin.PLUGIN, "evil.jar", "lenient", Set.of(), Optional.empty());
    Policy policy =
        PolicyReader.read("lenient", Policy.standardText() + LENIENT).withPlaces(List.of(place));
    lenient = Assembly.start(assembly(policy), List.of(Callable.class), e -> {});
    lenient.follow(Callable.class, callables::add, callables::remove);
    lenient.publish(Hidden.class, new Hidden());
    victim =
        PluginSource.module("com.victim", "exports com.victim;")
            .type("V", "public class V { static Object secret = new com.victim.inside.Secret(); }")
            .file(
                "com/victim/inside/Secret.java",
                "package com.victim.inside; public class Secret { public int value = 42; }")
            .header("Export-Package", "com.victim")
            .jar(dir.resolve("victim.jar"));
    lenient.plugins().start(lenient.plugins().install(victim).name());
  }

  private static AssemblyFile assembly(Policy policy) {
    return new AssemblyFile("test", policy, List.of(), Optional.empty(), List.of(), Map.of());
  }

  @AfterAll
  void close() {
    lenient.close();
    strict.close();
  }

  @AfterEach
  void takeAway() {
    for (Assembly assembly : List.of(strict, lenient)) {
      for (PluginStatus plugin : assembly.plugins().list()) {
        if (plugin.name().equals("evil.jar")) {
          assembly.plugins().uninstall(plugin.name());
        }
      }
    }
  }

  static Stream<Attack> attacks() {
    return Attacks.all();
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void isStopped(Attack attack) {
    switch (attack.stage()) {
      case COMPILE -> assertThrows(PluginSource.DoesNotCompile.class, () -> jar(attack.source()));
      case INSTALL -> isRefused(attack);
      case RESOLVE -> doesNotResolve(attack);
      case RUN -> fails(attack);
    }
  }

  private Path jar(PluginSource source) {
    return source.with(victim).jar(dir.resolve("evil.jar"));
  }

  /** The refusal names the rule, the module, the class and what to do instead. */
  private void isRefused(Attack attack) {
    Path jar = jar(attack.source());
    PluginRefusedException e =
        assertThrows(PluginRefusedException.class, () -> strict.plugins().install(jar));
    String line =
        e.report().violations().stream()
            .filter(Violation::refused)
            .findFirst()
            .orElseThrow()
            .toString();
    assertTrue(line.matches("refused \\[.+\\] module .+, .+: .+; instead: .+"), line);
  }

  private void doesNotResolve(Attack attack) {
    Path jar = jar(attack.source());
    PluginException e =
        assertThrows(
            PluginException.class,
            () -> lenient.plugins().start(lenient.plugins().install(jar).name()));
    assertFalse(e instanceof PluginRefusedException, e.getMessage());
  }

  private void fails(Attack attack) {
    Path jar = jar(attack.source());
    lenient.plugins().start(lenient.plugins().install(jar).name());
    assertEquals(1, callables.size());
    try {
      Object got = callables.getFirst().call();
      fail("succeeded: " + attack + " got " + got);
    } catch (Exception | LinkageError e) {
      assertTrue(isRefusalOfTheJvm(e), attack + ": " + e);
    }
  }

  private static boolean isRefusalOfTheJvm(Throwable e) {
    return e instanceof IllegalAccessException
        || e instanceof IllegalCallerException
        || e instanceof ClassNotFoundException
        || e instanceof LinkageError
        || e instanceof UnsupportedOperationException // Unsafe, denied
        || e instanceof java.lang.reflect.InaccessibleObjectException;
  }

  @Test
  void aHiddenServiceIsNotGivenToAComponent() throws Exception {
    Path jar =
        PluginSource.module("com.evil", "")
            .type(
                "A",
                """
                public class A implements java.util.concurrent.Callable<Object> {
                  Object got;
                  void bind(java.util.Map<String, Object> properties) { got = properties; }
                  public Object call() { return got; }
                }
                """)
            .header("Service-Component", "OSGI-INF/a.xml")
            .entry(
                "OSGI-INF/a.xml",
                """
                <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="com.evil.A">
                  <implementation class="com.evil.A"/>
                  <reference name="h" interface="%s" bind="bind" cardinality="0..1"/>
                  <service><provide interface="java.util.concurrent.Callable"/></service>
                </scr:component>
                """
                    .formatted(Hidden.class.getName())
                    .getBytes(StandardCharsets.UTF_8))
            .jar(dir.resolve("evil.jar"));
    lenient.plugins().start(lenient.plugins().install(jar).name());
    assertEquals(1, callables.size());
    assertEquals(null, callables.getFirst().call());
  }

  @Test
  void everyStageStopsSomethingAndTheTableIsLong() {
    Map<Stage, Long> counts =
        Attacks.all().collect(Collectors.groupingBy(Attack::stage, Collectors.counting()));
    assertEquals(Set.of(Stage.values()), counts.keySet());
    assertTrue(Attacks.all().count() >= 40, counts.toString());
    assertEquals(Attacks.all().count(), Attacks.all().map(Attack::name).distinct().count());
  }

  /** A service that no plug-in may see. */
  static final class Hidden {}
}
