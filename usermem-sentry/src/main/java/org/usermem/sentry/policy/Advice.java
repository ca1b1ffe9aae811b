package org.usermem.sentry.policy;

import java.util.List;

/**
 * What to do instead of naming something that a layer may not name.
 *
 * @param about the names it is about
 * @param instead the advice, a sentence for the author of the module
 */
public record Advice(List<NamePattern> about, String instead) {

  /** Copies the patterns. */
  public Advice {
    about = List.copyOf(about);
  }
}
