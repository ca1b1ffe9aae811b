package org.usermem.sentry.install;

import java.util.List;
import java.util.Optional;
import org.usermem.sentry.grant.Grant;

/**
 * Lets the component run time of Declarative Services make the components of a plug-in, which it
 * does by reflection: a plug-in's packages are opened to that one module.
 *
 * @param runtime the module of the component run time, where there is one
 */
public record ComponentAccess(Optional<Module> runtime) {

  /**
   * Opens every package of a module.
   *
   * @param controller the controller of its layer
   * @param module the module
   * @return what was granted
   */
  List<Grant> open(ModuleLayer.Controller controller, Module module) {
    if (runtime.isEmpty()) {
      return List.of();
    }
    for (String packageName : module.getPackages()) {
      controller.addOpens(module, packageName, runtime.get());
    }
    String what = "its packages are open to " + runtime.get().getName();
    return List.of(new Grant(module.getName(), "components", what));
  }
}
