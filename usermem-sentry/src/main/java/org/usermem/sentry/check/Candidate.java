package org.usermem.sentry.check;

import java.lang.module.ModuleReference;
import java.util.Map;
import java.util.Optional;
import org.usermem.sentry.policy.Placement;

/**
 * One module of a plug-in that asks to be let in.
 *
 * @param path where it came from, for messages and digests
 * @param reference its descriptor and contents
 * @param manifest the main attributes of its manifest
 * @param placement the layer it is in
 * @param sha256 the digest of its file in lower-case hexadecimal
 */
public record Candidate(
    String path,
    ModuleReference reference,
    Map<String, String> manifest,
    Optional<Placement> placement,
    String sha256) {

  /** Copies the manifest. */
  public Candidate {
    manifest = Map.copyOf(manifest);
  }

  /**
   * Returns the module's name.
   *
   * @return the name that its descriptor gives it
   */
  public String name() {
    return reference.descriptor().name();
  }
}
