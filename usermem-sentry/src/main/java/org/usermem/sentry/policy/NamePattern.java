package org.usermem.sentry.policy;

/**
 * A set of names of classes or members.
 *
 * <p>Written {@code a.b.*} it is the classes of one package, {@code a.b.**} those of a package and
 * of all below it, {@code **} every class, {@code a.b.C} one class and the classes nested in it,
 * {@code a.b.C#m} the members of that name of a class, {@code a.b.C#*} all its members. A
 * constructor is the member {@code <init>}. {@code a.b.C#*s} is every member whose name ends in s,
 * and {@code a.b.C#m(d} every method m whose descriptor begins with {@code (d}.
 */
public sealed interface NamePattern {

  /**
   * Tells whether a class is in this set.
   *
   * @param className a class's binary name, {@code a.b.C$D}
   * @return true if the class itself is meant, not only some of its members
   */
  boolean matchesClass(String className);

  /**
   * Tells whether a member is in this set; a set of members does not contain the class.
   *
   * @param owner the binary name of the class that a reference names
   * @param member the member's name
   * @param descriptor the member's descriptor
   * @return true if this is a set of members and contains it
   */
  boolean matchesMember(String owner, String member, String descriptor);

  /**
   * Reads a pattern.
   *
   * @param text a pattern in the form above
   * @return the pattern
   * @throws IllegalArgumentException if it has another form
   */
  static NamePattern of(String text) {
    int hash = text.indexOf('#');
    if (hash >= 0) {
      String owner = text.substring(0, hash);
      String member = text.substring(hash + 1);
      checkDotted(owner, text);
      if (member.isEmpty() || member.indexOf('#') >= 0) {
        throw new IllegalArgumentException(form(text));
      }
      return new Member(owner, member);
    }
    if (text.equals("**")) {
      return new Packages("", true);
    }
    if (text.endsWith(".**")) {
      return new Packages(checkDotted(text.substring(0, text.length() - 3), text), true);
    }
    if (text.endsWith(".*")) {
      return new Packages(checkDotted(text.substring(0, text.length() - 2), text), false);
    }
    return new OneClass(checkDotted(text, text));
  }

  private static String checkDotted(String name, String text) {
    boolean part = false;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '.' ? !part : !Character.isJavaIdentifierPart(c)) {
        throw new IllegalArgumentException(form(text));
      }
      part = c != '.';
    }
    if (!part) {
      throw new IllegalArgumentException(form(text));
    }
    return name;
  }

  private static String form(String text) {
    return "'" + text + "' is no name pattern; write a.b.*, a.b.**, a.b.C, a.b.C#member or a.b.C#*";
  }

  /**
   * The classes of packages.
   *
   * @param name the package, empty for all
   * @param below whether packages below are meant too
   */
  record Packages(String name, boolean below) implements NamePattern {

    @Override
    public boolean matchesClass(String className) {
      if (name.isEmpty()) {
        return true;
      }
      if (!className.startsWith(name) || className.length() <= name.length()) {
        return false;
      }
      return className.charAt(name.length()) == '.'
          && (below || className.lastIndexOf('.') == name.length());
    }

    @Override
    public boolean matchesMember(String owner, String member, String descriptor) {
      return false;
    }

    @Override
    public String toString() {
      return name.isEmpty() ? "**" : name + (below ? ".**" : ".*");
    }
  }

  /**
   * One class and what is nested in it.
   *
   * @param name the binary name
   */
  record OneClass(String name) implements NamePattern {

    @Override
    public boolean matchesClass(String className) {
      return className.equals(name) || className.startsWith(name + "$");
    }

    @Override
    public boolean matchesMember(String owner, String member, String descriptor) {
      return false;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * Members of one class.
   *
   * @param owner the binary name of the class
   * @param name the member's name; or {@code *} and an ending; or a name and the beginning of a
   *     descriptor
   */
  record Member(String owner, String name) implements NamePattern {

    @Override
    public boolean matchesClass(String className) {
      return false;
    }

    @Override
    public boolean matchesMember(String owner, String member, String descriptor) {
      return this.owner.equals(owner) && matchesName(member, descriptor);
    }

    private boolean matchesName(String member, String descriptor) {
      if (name.startsWith("*")) {
        return member.endsWith(name.substring(1));
      }
      return name.indexOf('(') < 0 ? name.equals(member) : (member + descriptor).startsWith(name);
    }

    @Override
    public String toString() {
      return owner + "#" + name;
    }
  }
}
