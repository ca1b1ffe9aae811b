package org.usermem.sentry.policy;

import java.util.Optional;
import java.util.Set;

/**
 * The layer that a policy puts one module in, and the rights granted to its place on top.
 *
 * @param layer the layer
 * @param extraRights names of rights granted to this place alone
 * @param sha256 the digest that the module's file must have, where one was demanded
 */
public record Placement(Layer layer, Set<String> extraRights, Optional<String> sha256) {

  /** Copies the rights. */
  public Placement {
    extraRights = Set.copyOf(extraRights);
  }

  /**
   * Tells how the module stands to a right.
   *
   * @param right the right's name
   * @return granted, reported or refused
   */
  public Standing standing(String right) {
    if (extraRights.contains(right) || layer.grants().contains(right)) {
      return Standing.GRANTED;
    }
    return layer.reports().contains(right) ? Standing.REPORTED : Standing.REFUSED;
  }
}
