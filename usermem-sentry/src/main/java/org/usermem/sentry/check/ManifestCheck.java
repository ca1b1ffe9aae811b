package org.usermem.sentry.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads a bundle manifest against the module it is in: what a bundle says must be so. */
final class ManifestCheck {

  private final LayerRules rules;
  private final CoreModules core;
  private final Set<String> packages;

  ManifestCheck(LayerRules rules, CoreModules core, Set<String> packages) {
    this.rules = rules;
    this.core = core;
    this.packages = packages;
  }

  void check(Map<String, String> manifest) {
    manifest.forEach(rules::judgeHeader);
    String name = firstOf(manifest.getOrDefault("Bundle-SymbolicName", ""));
    if (core.contains(name)) {
      rules.add(
          Rule.IDENTITY,
          name,
          "manifest",
          "has the Bundle-SymbolicName of a core module",
          "give the bundle the name of its own module",
          true);
    }
    for (String imported : packagesOf(manifest.getOrDefault("Import-Package", ""))) {
      if (!packages.contains(imported)) {
        rules.judgePackage("manifest", imported);
      }
    }
    for (String exported : packagesOf(manifest.getOrDefault("Export-Package", ""))) {
      if (!packages.contains(exported)) {
        // A package that nobody has is a slip of whoever packed it; somebody else's is a lie.
        rules.add(
            Rule.MANIFEST,
            "Export-Package",
            "manifest",
            "exports package " + exported + ", which the module does not have",
            "export packages of the module only",
            core.ownerOf(exported).isPresent());
      }
    }
    checkCapabilities(manifest.getOrDefault("Provide-Capability", ""));
  }

  private void checkCapabilities(String header) {
    for (String clause : clauses(header)) {
      String namespace = firstOf(clause);
      if (!namespace.equals("osgi.service") && namespace.startsWith("osgi.")) {
        rules.add(
            Rule.MANIFEST,
            "Provide-Capability",
            "manifest",
            "provides a capability of the namespace " + namespace,
            "provide osgi.service and namespaces of your own",
            true);
      }
    }
  }

  /** Returns the packages that an import or export header lists. */
  static List<String> packagesOf(String header) {
    List<String> found = new ArrayList<>();
    for (String clause : clauses(header)) {
      for (String part : split(clause, ';')) {
        if (part.indexOf('=') < 0) {
          found.add(part.strip());
        }
      }
    }
    return found;
  }

  private static String firstOf(String clause) {
    return split(clause, ';').getFirst().strip();
  }

  private static List<String> clauses(String header) {
    return header.isBlank() ? List.of() : split(header, ',');
  }

  /** Splits at a separator that stands outside double quotes. */
  private static List<String> split(String text, char separator) {
    List<String> parts = new ArrayList<>();
    boolean quoted = false;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == separator && !quoted) {
        parts.add(text.substring(start, i));
        start = i + 1;
      }
    }
    parts.add(text.substring(start));
    return parts;
  }
}
