package org.usermem.sentry.run;

/**
 * A mount that the command line asks for.
 *
 * @param type the type of file system, or "bind" for a host directory
 * @param source what is mounted; empty where the type needs nothing
 * @param target the place in the guest
 * @param readOnly whether guests can't change it
 */
public record MountOption(String type, String source, String target, boolean readOnly) {
  /**
   * Parses TYPE:SOURCE:TARGET, with ":ro" behind it for one that guests can't change.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  public static MountOption parse(String text) {
    String[] parts = text.split(":", -1);
    boolean readOnly = parts.length == 4 && parts[3].equals("ro");
    boolean writable = parts.length == 3 || (parts.length == 4 && parts[3].equals("rw"));
    if ((!readOnly && !writable) || parts[0].isEmpty() || !parts[2].startsWith("/")) {
      throw new IllegalArgumentException(
          "a mount is TYPE:SOURCE:TARGET[:ro] with an absolute target, not '" + text + "'");
    }
    return new MountOption(parts[0], parts[1], parts[2], readOnly);
  }
}
