package org.usermem.sentry.check;

/** Something that a class file names. */
sealed interface Reference {

  /**
   * A class, by its binary name.
   *
   * @param name the name, with dots
   */
  record ToClass(String name) implements Reference {}

  /**
   * A field or method.
   *
   * @param owner the binary name of the class that the reference names
   * @param name the member's name
   * @param descriptor its descriptor
   */
  record ToMember(String owner, String name, String descriptor) implements Reference {}

  /**
   * A string constant.
   *
   * @param value the string
   */
  record ToText(String value) implements Reference {}

  /**
   * A native method that the class itself declares.
   *
   * @param name the method's name
   */
  record NativeMethod(String name) implements Reference {}
}
