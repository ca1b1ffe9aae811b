package org.usermem.itests.attack;

import java.util.function.UnaryOperator;

/**
 * A way in, and the stage that closes it.
 *
 * @param stage the first stage that stops it, if none before it is asked
 * @param name what is tried, a sentence
 * @param source the plug-in that tries it
 */
record Attack(Stage stage, String name, PluginSource source) {

  private static final String REQUIRED = "requires org.usermem.api; requires org.usermem.fs; ";

  /** An attack by the body of a method. */
  static Attack by(Stage stage, String name, String body) {
    return by(stage, name, "", body, s -> s);
  }

  /**
   * An attack by the body of a method.
   *
   * @param directives more directives of the module declaration
   * @param more what else the plug-in has
   */
  static Attack by(
      Stage stage, String name, String directives, String body, UnaryOperator<PluginSource> more) {
    return with(
        stage, name, directives, "public Object call() throws Exception { " + body + " }", more);
  }

  /** An attack by the members of a class, which has to be a Callable. */
  static Attack with(
      Stage stage,
      String name,
      String directives,
      String members,
      UnaryOperator<PluginSource> more) {
    PluginSource source =
        PluginSource.module(
                "com.evil",
                REQUIRED + directives + " provides java.util.concurrent.Callable with com.evil.A;")
            .type(
                "A",
                "public class A implements java.util.concurrent.Callable<Object> { "
                    + members
                    + " }");
    return new Attack(stage, name, more.apply(source));
  }

  @Override
  public String toString() {
    return stage + ": " + name;
  }
}
