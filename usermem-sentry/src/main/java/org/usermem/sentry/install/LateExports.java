package org.usermem.sentry.install;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.util.List;
import java.util.Set;
import org.usermem.sentry.policy.Right.PackageExport;

/**
 * A module that provides a service of a package that is exported to it only after it was defined.
 *
 * <p>A configuration refuses such a module, but for one that requires, or reads a module that
 * requires, a static module that is missing ({@code Resolver.checkExportSuppliers} of the JDK). The
 * sentry's own modules do that where their annotations are left out, and only there. So this module
 * requires one that is always missing.
 */
final class LateExports extends ModuleReference {

  private static final String MISSING = "org.usermem.late.exports";

  private final ModuleReference module;

  private LateExports(ModuleReference module) {
    super(descriptor(module.descriptor()), module.location().orElse(null));
    this.module = module;
  }

  /** Returns a module as it is, or one that resolves although its exports come late. */
  static ModuleReference of(ModuleReference module, List<PackageExport> granted) {
    boolean late =
        module.descriptor().provides().stream()
            .anyMatch(
                p -> granted.stream().anyMatch(g -> p.service().startsWith(g.packageName() + ".")));
    return late ? new LateExports(module) : module;
  }

  private static ModuleDescriptor descriptor(ModuleDescriptor own) {
    ModuleDescriptor.Builder all = ModuleDescriptor.newModule(own.name(), own.modifiers());
    own.requires().forEach(all::requires);
    own.exports().forEach(all::exports);
    own.opens().forEach(all::opens);
    own.uses().forEach(all::uses);
    own.provides().forEach(all::provides);
    own.rawVersion().ifPresent(all::version);
    own.mainClass().ifPresent(all::mainClass);
    return all.packages(own.packages()).requires(Set.of(Requires.Modifier.STATIC), MISSING).build();
  }

  @Override
  public ModuleReader open() throws IOException {
    return module.open();
  }
}
