package org.usermem.sentry.policy;

import java.util.List;

/**
 * Something that a module may do only when its layer, or its place, has been given it.
 *
 * @param name the right's name
 * @param about what having it means
 * @param covers the classes and members that only its holders may name
 * @param except members that {@code covers} would contain and that everybody may name
 * @param headers the manifest headers that only its holders may have
 * @param nativeMethods whether only its holders may declare native methods
 * @param exports packages opened at run time to its holders, beyond what the module system exports
 * @param enablesNativeAccess whether its holders get native access at run time
 * @param instead what somebody without it should do
 */
public record Right(
    String name,
    String about,
    List<NamePattern> covers,
    List<NamePattern> except,
    List<String> headers,
    boolean nativeMethods,
    List<PackageExport> exports,
    boolean enablesNativeAccess,
    String instead) {

  /** Copies the lists. */
  public Right {
    covers = List.copyOf(covers);
    except = List.copyOf(except);
    headers = List.copyOf(headers);
    exports = List.copyOf(exports);
  }

  /**
   * Tells whether naming a class takes this right.
   *
   * @param className the class's binary name
   * @return true if it is covered and not excepted
   */
  public boolean coversClass(String className) {
    return covers.stream().anyMatch(p -> p.matchesClass(className))
        && except.stream().noneMatch(p -> p.matchesClass(className));
  }

  /**
   * Tells whether naming a member takes this right.
   *
   * @param owner the binary name of the class that declares or inherits it
   * @param member the member's name
   * @param descriptor the member's descriptor
   * @return true if it is covered and not excepted
   */
  public boolean coversMember(String owner, String member, String descriptor) {
    return covers.stream().anyMatch(p -> p.matchesMember(owner, member, descriptor))
        && except.stream().noneMatch(p -> p.matchesMember(owner, member, descriptor));
  }

  /**
   * Tells whether having a manifest header takes this right.
   *
   * @param header the header's name, in any case
   * @return true if it is covered
   */
  public boolean coversHeader(String header) {
    return headers.stream().anyMatch(header::equalsIgnoreCase);
  }

  /**
   * A package of a module that is exported on top of its module declaration.
   *
   * @param module the module's name
   * @param packageName the package
   */
  public record PackageExport(String module, String packageName) {

    @Override
    public String toString() {
      return module + "/" + packageName;
    }
  }
}
