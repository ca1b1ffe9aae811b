package org.usermem.sentry.check;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.usermem.sentry.policy.Placement;
import org.usermem.sentry.policy.Policy;

/**
 * Checks the modules of one plug-in against a policy. Safe for use by several threads: a check
 * keeps no state.
 */
public final class PluginCheck {

  private final Policy policy;
  private final CoreModules core;

  /**
   * Makes a check.
   *
   * @param policy the policy
   * @param core the modules that the plug-in will meet
   */
  public PluginCheck(Policy policy, CoreModules core) {
    this.policy = policy;
    this.core = core;
  }

  /**
   * Checks modules that are to be installed together, as one plug-in.
   *
   * @param plugin the modules
   * @return every rule they break
   */
  public CheckReport check(List<Candidate> plugin) {
    Set<Violation> found = new LinkedHashSet<>();
    Map<String, ClassFacts> classes = new HashMap<>();
    Map<Candidate, List<ClassFacts>> contents = new LinkedHashMap<>();
    for (Candidate candidate : plugin) {
      List<ClassFacts> facts = contentsOf(candidate, found::add);
      facts.forEach(f -> classes.put(f.name(), f));
      contents.put(candidate, facts);
    }
    ClassHierarchy hierarchy = new ClassHierarchy(classes, core);
    contents.forEach((c, facts) -> check(c, facts, plugin, hierarchy, found::add));
    List<Violation> sorted = new ArrayList<>(found);
    sorted.sort(Comparator.comparing(Violation::module).thenComparing(Violation::className));
    return new CheckReport(sorted);
  }

  private static List<ClassFacts> contentsOf(Candidate candidate, Consumer<Violation> found) {
    try {
      return ModuleContents.read(
          candidate.reference(),
          (where, why) -> found.accept(malformed(candidate.name(), where, why)));
    } catch (IOException e) {
      found.accept(malformed(candidate.name(), candidate.path(), String.valueOf(e.getMessage())));
      return List.of();
    }
  }

  private static Violation malformed(String module, String where, String why) {
    return new Violation(
        Rule.CLASS_FILE, "format", module, where, why, "build the module with a compiler", true);
  }

  private void check(
      Candidate candidate,
      List<ClassFacts> facts,
      List<Candidate> plugin,
      ClassHierarchy hierarchy,
      Consumer<Violation> found) {
    String name = candidate.name();
    if (candidate.placement().isEmpty()) {
      String instead = "add 'place plugin " + candidate.path() + " LAYER' to the assembly";
      String used = "policy " + policy.name() + " has no place for it";
      found.accept(
          new Violation(Rule.PLACE, policy.name(), name, candidate.path(), used, instead, true));
      return;
    }
    Placement placement = candidate.placement().get();
    Set<String> nameable = nameable(candidate, plugin);
    LayerRules rules = new LayerRules(policy, placement, name, nameable, hierarchy, found);
    checkDigest(candidate, placement, rules);
    checkDescriptor(candidate, plugin, rules);
    new ManifestCheck(rules, core, candidate.reference().descriptor().packages())
        .check(candidate.manifest());
    String components = candidate.manifest().get("Service-Component");
    if (components != null) {
      new ComponentCheck(rules, candidate.reference()).check(components);
    }
    facts.forEach(rules::judge);
  }

  private static void checkDigest(Candidate candidate, Placement placement, LayerRules rules) {
    if (placement.sha256().isPresent() && !placement.sha256().get().equals(candidate.sha256())) {
      rules.add(
          Rule.DIGEST,
          "layer " + rules.layer(),
          candidate.path(),
          "has the SHA-256 digest " + candidate.sha256(),
          "install the file whose digest the place names: " + placement.sha256().get(),
          true);
    }
  }

  private void checkDescriptor(Candidate candidate, List<Candidate> plugin, LayerRules rules) {
    ModuleDescriptor descriptor = candidate.reference().descriptor();
    if (descriptor.isAutomatic()) {
      String instead = "give it a module-info";
      rules.add(Rule.MODULE, "automatic", "module-info", "has no module-info", instead, true);
    }
    if (descriptor.isOpen()) {
      String instead = "open single packages, to the modules that need them";
      rules.add(Rule.MODULE, "open", "module-info", "is an open module", instead, true);
    }
    if (core.contains(descriptor.name())) {
      String used = "has the name of a core module";
      String instead = "give the module a name of your own";
      rules.add(Rule.IDENTITY, descriptor.name(), "module-info", used, instead, true);
    }
    for (String packageName : descriptor.packages()) {
      core.ownerOf(packageName)
          .ifPresent(
              owner ->
                  rules.add(
                      Rule.SPLIT_PACKAGE,
                      packageName,
                      "module-info",
                      "has a package of module " + owner,
                      "use package names of your own",
                      true));
    }
    for (ModuleDescriptor.Requires required : descriptor.requires()) {
      boolean ownPlugin = plugin.stream().anyMatch(c -> c.name().equals(required.name()));
      rules.judgeRequires(required.name(), ownPlugin);
    }
  }

  /** Its own packages, and what the other modules of the plug-in export to it. */
  private static Set<String> nameable(Candidate candidate, List<Candidate> plugin) {
    Set<String> packages = new HashSet<>(candidate.reference().descriptor().packages());
    packages.add("");
    for (Candidate other : plugin) {
      for (ModuleDescriptor.Exports export : other.reference().descriptor().exports()) {
        if (!export.isQualified() || export.targets().contains(candidate.name())) {
          packages.add(export.source());
        }
      }
    }
    return packages;
  }
}
