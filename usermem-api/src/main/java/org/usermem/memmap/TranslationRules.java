package org.usermem.memmap;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.usermem.addr.AccessType;

/**
 * What {@link Mappable#translate} promises, as a check for its callers and for tests of mappables.
 *
 * <p>Source: {@code memmap.CheckTranslateResult} of gVisor.
 */
public final class TranslationRules {

  private TranslationRules() {}

  /**
   * Returns what is wrong with the result of {@link Mappable#translate}, or null if nothing is.
   *
   * @throws IllegalArgumentException if the arguments were wrong already
   */
  public static @Nullable String violation(
      MappableRange required,
      MappableRange optional,
      AccessType access,
      List<Translation> translations) {
    requireArguments(required, optional);
    if (translations.isEmpty()) {
      return null;
    }
    if (!translations.getFirst().source().contains(required.start())) {
      return translations.getFirst() + " comes first and does not cover the start of " + required;
    }
    long end = translations.getFirst().source().start();
    for (Translation translation : translations) {
      MappableRange source = translation.source();
      if (source.start() != end) {
        return translation + " does not start where the one before it ends";
      }
      end = source.end();
      if (!source.overlaps(required)) {
        return translation + " has nothing of the required range " + required;
      }
      if (!optional.isSupersetOf(source)) {
        return translation + " is not within the optional range " + optional;
      }
      if (!translation.access().contains(access)) {
        return translation + " does not allow " + access;
      }
    }
    return null;
  }

  private static void requireArguments(MappableRange required, MappableRange optional) {
    if (required.isEmpty() || !required.isPageAligned() || !optional.isPageAligned()) {
      throw new IllegalArgumentException(
          "required " + required + " is empty, or it or optional " + optional + " is not aligned");
    }
    if (!optional.isSupersetOf(required)) {
      throw new IllegalArgumentException(
          "optional " + optional + " does not contain required " + required);
    }
  }
}
