package org.usermem.sentry.check;

/**
 * One rule, broken once.
 *
 * @param rule the kind of rule
 * @param subject the layer, or the right, or whatever else the rule is about
 * @param module the module's name, or its file where it has none
 * @param className the class that breaks it, or the part of the module, such as its manifest
 * @param used the name that was used
 * @param instead what to do instead
 * @param refused true if the module is not let in, false if this is reported only
 */
public record Violation(
    Rule rule,
    String subject,
    String module,
    String className,
    String used,
    String instead,
    boolean refused) {

  /**
   * Returns the violation as one line.
   *
   * @return rule, module, class, name, and what to do instead
   */
  @Override
  public String toString() {
    return (refused ? "refused" : "reported")
        + " ["
        + rule.label()
        + " "
        + subject
        + "] module "
        + module
        + ", "
        + className
        + ": "
        + used
        + "; instead: "
        + instead;
  }
}
