package org.usermem.sentry.check;

import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.usermem.sentry.policy.Placement;
import org.usermem.sentry.policy.Policy;
import org.usermem.sentry.policy.Right;
import org.usermem.sentry.policy.Standing;

/** What one module of one layer may do, asked name by name. */
final class LayerRules {

  private static final Pattern CLASS_NAME =
      Pattern.compile("[\\p{Alpha}_][\\w$]*([./][\\p{Alpha}_][\\w$]*){2,}");

  private final Policy policy;
  private final Placement placement;
  private final String module;
  private final Set<String> ownPackages;
  private final ClassHierarchy hierarchy;
  private final Consumer<Violation> found;

  /**
   * Makes the rules of a module.
   *
   * @param policy the policy
   * @param placement where it puts the module
   * @param module the module's name, for messages
   * @param ownPackages the packages that the module may name because they are its own, or exported
   *     by a module of the same plug-in
   * @param hierarchy the supertypes
   * @param found where violations go
   */
  LayerRules(
      Policy policy,
      Placement placement,
      String module,
      Set<String> ownPackages,
      ClassHierarchy hierarchy,
      Consumer<Violation> found) {
    this.policy = policy;
    this.placement = placement;
    this.module = module;
    this.ownPackages = ownPackages;
    this.hierarchy = hierarchy;
    this.found = found;
  }

  /** Judges everything that a class names. */
  void judge(ClassFacts facts) {
    String where = "class " + facts.name();
    for (Reference reference : facts.references()) {
      switch (reference) {
        case Reference.ToClass type -> judgeClass(where, type.name(), type.name());
        case Reference.ToMember member -> judgeMember(where, member);
        case Reference.ToText text -> judgeText(where, text.value());
        case Reference.NativeMethod method -> judgeNativeMethod(where, method.name());
      }
    }
  }

  /** Judges a package that a manifest imports. */
  void judgePackage(String where, String packageName) {
    judgeClass(where, packageName + ".package-info", "package " + packageName);
  }

  /** Judges an interface that a component provides. */
  void judgeService(String where, String className) {
    judgeClass(where, className, className);
  }

  /** Judges a required module. */
  void judgeRequires(String required, boolean ownPlugin) {
    if (!ownPlugin && !placement.layer().mayRequire(required)) {
      String instead =
          policy
              .adviceFor(required + ".package-info")
              .orElse("layer " + layer() + " may require " + placement.layer().mayRequire());
      add(Rule.REQUIRES, "layer " + layer(), "module-info", "requires " + required, instead, true);
    }
  }

  /** Judges a manifest header. */
  void judgeHeader(String header, String value) {
    for (Right right : policy.rights().values()) {
      if (right.coversHeader(header)) {
        judgeRight(right, "manifest", "has " + header + ": " + value);
      }
    }
  }

  private void judgeClass(String where, String className, String shown) {
    if (ownPackages.contains(ClassFacts.packageOf(className))) {
      return;
    }
    for (Right right : policy.rights().values()) {
      if (right.coversClass(className)) {
        judgeRight(right, where, "names " + shown);
        return;
      }
    }
    if (!placement.layer().mayName(className)) {
      String instead =
          policy
              .adviceFor(className)
              .orElse("stay within what layer " + layer() + " may name, or ask for another place");
      add(Rule.NAME, "layer " + layer(), where, "names " + shown, instead, true);
    }
  }

  private void judgeMember(String where, Reference.ToMember member) {
    Set<String> owners = hierarchy.withSupertypes(member.owner());
    for (Right right : policy.rights().values()) {
      for (String type : owners) {
        if (right.coversMember(type, member.name(), member.descriptor())) {
          String inherited = type.equals(member.owner()) ? "" : " (of " + type + ")";
          judgeRight(right, where, "names " + member.owner() + "." + member.name() + inherited);
          return;
        }
      }
    }
  }

  private void judgeNativeMethod(String where, String method) {
    for (Right right : policy.rights().values()) {
      if (right.nativeMethods()) {
        judgeRight(right, where, "declares the native method " + method);
        return;
      }
    }
  }

  /** A string is not a link, and who may not reflect can do nothing with it: reported only. */
  private void judgeText(String where, String text) {
    if (text.length() > 512 || !CLASS_NAME.matcher(text).matches()) {
      return;
    }
    String className = text.replace('/', '.');
    Optional<String> advice = policy.adviceFor(className);
    if (advice.isPresent()
        && !placement.layer().mayName(className)
        && !ownPackages.contains(ClassFacts.packageOf(className))) {
      String used = "holds the string \"" + text + "\"";
      add(Rule.STRING, "layer " + layer(), where, used, advice.get(), false);
    }
  }

  private void judgeRight(Right right, String where, String used) {
    Standing standing = placement.standing(right.name());
    if (standing != Standing.GRANTED) {
      boolean refused = standing == Standing.REFUSED;
      String subject = right.name() + ", layer " + layer();
      add(Rule.RIGHT, subject, where, used, right.instead(), refused);
    }
  }

  void add(Rule rule, String subject, String where, String used, String instead, boolean refused) {
    found.accept(new Violation(rule, subject, module, where, used, instead, refused));
  }

  String layer() {
    return placement.layer().name();
  }
}
