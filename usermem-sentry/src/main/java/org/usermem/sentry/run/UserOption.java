package org.usermem.sentry.run;

/**
 * Whom a program runs as.
 *
 * @param uid the user
 * @param gid the group
 */
public record UserOption(int uid, int gid) {
  /** The super-user. */
  public static final UserOption ROOT = new UserOption(0, 0);

  /**
   * Parses UID or UID:GID.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  public static UserOption parse(String text) {
    String[] parts = text.split(":", -1);
    try {
      int uid = Integer.parseUnsignedInt(parts[0]);
      int gid = parts.length > 1 ? Integer.parseUnsignedInt(parts[1]) : uid;
      if (parts.length <= 2) {
        return new UserOption(uid, gid);
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("a user is UID[:GID], not '" + text + "'", e);
    }
    throw new IllegalArgumentException("a user is UID[:GID], not '" + text + "'");
  }
}
