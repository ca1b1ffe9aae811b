package org.usermem.sentry.assembly;

import java.lang.module.ModuleReference;
import java.lang.module.ResolvedModule;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.usermem.sentry.connect.BundleHeaders;
import org.usermem.sentry.connect.BundleLocation;
import org.usermem.sentry.connect.ModuleBundle;

/**
 * The modules that the JVM was started with, as bundles: the sentry and whatever it reads. Not
 * those of the JDK, and not the framework, which the system bundle stands for.
 */
final class CoreBundles {

  private static final String FRAMEWORK = "org.apache.felix.framework";

  /** Libraries that a JVM is started with only for some commands: nothing resolves against them. */
  private static final Pattern LIBRARIES =
      Pattern.compile(
          "org\\.jline\\..*|org\\.apache\\.felix\\.gogo\\..*|com\\.fasterxml\\.jackson\\..*");

  private CoreBundles() {}

  static List<ModuleBundle> all() {
    List<ModuleBundle> bundles = new ArrayList<>();
    for (ResolvedModule module : reachable().values()) {
      ModuleReference reference = module.reference();
      bundles.add(
          new ModuleBundle(
              new BundleLocation(BundleLocation.Origin.CORE, module.name()),
              ModuleLayer.boot().findModule(module.name()).orElseThrow(),
              reference,
              BundleHeaders.ofCore(reference)));
    }
    return bundles;
  }

  private static Map<String, ResolvedModule> reachable() {
    Map<String, ResolvedModule> found = new LinkedHashMap<>();
    Deque<ResolvedModule> open = new ArrayDeque<>();
    ModuleLayer.boot()
        .configuration()
        .findModule(CoreBundles.class.getModule().getName())
        .ifPresent(open::add);
    while (!open.isEmpty()) {
      ResolvedModule next = open.removeFirst();
      if (isOurs(next.name()) && found.putIfAbsent(next.name(), next) == null) {
        open.addAll(next.reads());
      }
    }
    return found;
  }

  private static boolean isOurs(String name) {
    return !name.startsWith("java.")
        && !name.startsWith("jdk.")
        && !name.equals(FRAMEWORK)
        && !LIBRARIES.matcher(name).matches();
  }
}
