package org.usermem.sentry.assembly;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The types of values that a configuration can have (OSGi Core 8, filter syntax, {@code
 * primary-property-type}), by the names that the OSGi Configurator gives them (Compendium 8, table
 * 150.1).
 */
enum ConfigurationType {
  STRING("String", "", 'T'),
  INTEGER("Integer", "int", 'I'),
  LONG("Long", "long", 'L'),
  FLOAT("Float", "float", 'F'),
  DOUBLE("Double", "double", 'D'),
  BYTE("Byte", "byte", 'X'),
  SHORT("Short", "short", 'S'),
  CHARACTER("Character", "char", 'C'),
  BOOLEAN("Boolean", "boolean", 'B');

  /** The name, as in {@code "KEY:Integer"}. */
  final String label;

  /** The name of the primitive type, or nothing. */
  final String primitive;

  /** The letter before a value of the type in a file of Configuration Admin. */
  final char code;

  ConfigurationType(String label, String primitive, char code) {
    this.label = label;
    this.primitive = primitive;
    this.code = code;
  }

  static Optional<ConfigurationType> of(String label) {
    return Arrays.stream(values()).filter(t -> t.label.equals(label)).findFirst();
  }

  static Optional<ConfigurationType> ofPrimitive(String name) {
    return Arrays.stream(values())
        .filter(t -> t.primitive.equals(name) && !name.isEmpty())
        .findFirst();
  }

  /** Returns the type of a value, which is one of these. */
  static ConfigurationType ofValue(Object value) {
    return of(value.getClass().getSimpleName())
        .orElseThrow(() -> new IllegalArgumentException(value.getClass() + " is no such type"));
  }

  /** Returns the names of all, for messages. */
  static String labels() {
    return Stream.concat(
            Arrays.stream(values()).map(t -> t.label),
            Arrays.stream(values()).map(t -> t.primitive).filter(name -> !name.isEmpty()))
        .collect(Collectors.joining(", "));
  }

  /**
   * Reads a value.
   *
   * @throws IllegalArgumentException if the text is none; the message is a part of a sentence
   */
  Object parse(String text) {
    try {
      return switch (this) {
        case STRING -> text;
        case INTEGER -> Integer.valueOf(text);
        case LONG -> Long.valueOf(text);
        case FLOAT -> Float.valueOf(text);
        case DOUBLE -> Double.valueOf(text);
        case BYTE -> Byte.valueOf(text);
        case SHORT -> Short.valueOf(text);
        case CHARACTER -> character(text);
        case BOOLEAN -> truth(text);
      };
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + text + "' is no " + label, e);
    }
  }

  /** Returns an array of the type. */
  Object[] array(List<Object> values) {
    return switch (this) {
      case STRING -> values.toArray(String[]::new);
      case INTEGER -> values.toArray(Integer[]::new);
      case LONG -> values.toArray(Long[]::new);
      case FLOAT -> values.toArray(Float[]::new);
      case DOUBLE -> values.toArray(Double[]::new);
      case BYTE -> values.toArray(Byte[]::new);
      case SHORT -> values.toArray(Short[]::new);
      case CHARACTER -> values.toArray(Character[]::new);
      case BOOLEAN -> values.toArray(Boolean[]::new);
    };
  }

  private static Object character(String text) {
    if (text.length() != 1) {
      throw new IllegalArgumentException(text);
    }
    return text.charAt(0);
  }

  private static Object truth(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }
}
