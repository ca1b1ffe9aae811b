package org.usermem.sentry.grant;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.usermem.grant.ExportGrant;
import org.usermem.grant.NativeAccessGrant;
import org.usermem.sentry.policy.Placement;
import org.usermem.sentry.policy.Policy;
import org.usermem.sentry.policy.Right;
import org.usermem.sentry.policy.Standing;

/**
 * Grants rights to modules. Most rights need nothing at run time: they only let a name through the
 * check. Those that do are exports of core modules and native access.
 *
 * <p>Safe for use by several threads.
 */
public final class Grants {

  private final Policy policy;
  private final Map<String, ExportGrant> exports = new HashMap<>();
  private final Optional<NativeAccessGrant> nativeAccess;

  /**
   * Makes the granting hand, and finds who can give what away.
   *
   * @param policy the policy
   */
  public Grants(Policy policy) {
    this.policy = policy;
    ModuleLayer boot = ModuleLayer.boot();
    for (ExportGrant grant : ServiceLoader.load(boot, ExportGrant.class)) {
      exports.put(grant.getClass().getModule().getName(), grant);
    }
    nativeAccess = ServiceLoader.load(boot, NativeAccessGrant.class).findFirst();
  }

  /**
   * Grants a module what its placement has.
   *
   * @param controller the controller of its layer
   * @param module the module, of which no code has run
   * @param placement its placement
   * @return what was granted
   * @throws IllegalStateException if the policy grants what nobody can give away
   */
  public List<Grant> apply(ModuleLayer.Controller controller, Module module, Placement placement) {
    List<Grant> granted = new ArrayList<>();
    for (Right right : policy.rights().values()) {
      if (placement.standing(right.name()) != Standing.GRANTED) {
        continue;
      }
      for (Right.PackageExport export : right.exports()) {
        export(export, module);
        granted.add(new Grant(module.getName(), right.name(), "export of " + export));
      }
      if (right.enablesNativeAccess()) {
        nativeAccess
            .orElseThrow(() -> new IllegalStateException("no module can give native access"))
            .enableNativeAccess(controller, module);
        granted.add(new Grant(module.getName(), right.name(), "native access"));
      }
      if (right.exports().isEmpty() && !right.enablesNativeAccess()) {
        granted.add(new Grant(module.getName(), right.name(), right.about()));
      }
    }
    return List.copyOf(granted);
  }

  /**
   * Returns the packages that a placement is granted beyond those that the module system exports.
   *
   * @param placement a placement
   * @return the exports
   */
  public List<Right.PackageExport> exportsOf(Placement placement) {
    return policy.rights().values().stream()
        .filter(r -> placement.standing(r.name()) == Standing.GRANTED)
        .flatMap(r -> r.exports().stream())
        .toList();
  }

  private void export(Right.PackageExport export, Module to) {
    ExportGrant giver = exports.get(export.module());
    if (giver == null) {
      throw new IllegalStateException(
          "policy "
              + policy.name()
              + " exports "
              + export
              + ", and module "
              + export.module()
              + " gives no exports away; those that do: "
              + exports.keySet());
    }
    giver.export(export.packageName(), to);
  }
}
