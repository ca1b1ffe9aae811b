package org.usermem.sentry.policy;

import java.util.List;
import java.util.Set;

/**
 * A layer: what its modules may name and require, and the rights they have.
 *
 * @param name the layer's name
 * @param about who belongs to it
 * @param mayName the classes that its modules may name, besides their own
 * @param mayRequire the modules that its modules may require
 * @param grants the rights that its modules have
 * @param reports the rights whose use by its modules is reported and not refused
 * @param maySee the service interfaces that its modules may find in the service registry
 */
public record Layer(
    String name,
    String about,
    List<NamePattern> mayName,
    List<ModulePattern> mayRequire,
    Set<String> grants,
    Set<String> reports,
    List<NamePattern> maySee) {

  /** Copies the collections. */
  public Layer {
    mayName = List.copyOf(mayName);
    mayRequire = List.copyOf(mayRequire);
    grants = Set.copyOf(grants);
    reports = Set.copyOf(reports);
    maySee = List.copyOf(maySee);
  }

  /**
   * Tells whether a class is within this layer's sight, whatever rights naming it takes.
   *
   * @param className the class's binary name
   * @return true if a pattern matches
   */
  public boolean mayName(String className) {
    return mayName.stream().anyMatch(p -> p.matchesClass(className));
  }

  /**
   * Tells whether this layer's modules may require a module.
   *
   * @param module the module's name
   * @return true if a pattern matches
   */
  public boolean mayRequire(String module) {
    return mayRequire.stream().anyMatch(p -> p.matches(module));
  }

  /**
   * Tells whether this layer's bundles may find a service.
   *
   * @param serviceInterface the name of one interface that the service is registered under
   * @return true if a pattern matches
   */
  public boolean maySee(String serviceInterface) {
    return maySee.stream().anyMatch(p -> p.matchesClass(serviceInterface));
  }
}
