package org.usermem.sentry.connect;

/**
 * Where a bundle came from. This is what trust is given to; the name that a bundle calls itself by
 * means nothing.
 *
 * @param origin the kind of place
 * @param path within it: a module's name, or a plug-in's path and the module's name
 */
public record BundleLocation(Origin origin, String path) {

  /** The kinds of place. */
  public enum Origin {
    /** A module that the JVM was started with. */
    CORE("core:"),
    /** A module of the OSGi run time. */
    OSGI("osgi:"),
    /** A module of a plug-in. */
    PLUGIN("plugin:");

    private final String prefix;

    Origin(String prefix) {
      this.prefix = prefix;
    }
  }

  /**
   * Reads a location as the framework holds it.
   *
   * @param text the location of a bundle
   * @return the location
   * @throws IllegalArgumentException if no connector of ours gave it
   */
  public static BundleLocation of(String text) {
    for (Origin origin : Origin.values()) {
      if (text.startsWith(origin.prefix)) {
        return new BundleLocation(origin, text.substring(origin.prefix.length()));
      }
    }
    throw new IllegalArgumentException("'" + text + "' is no location of this sentry");
  }

  @Override
  public String toString() {
    return origin.prefix + path;
  }
}
