package org.usermem.sentry.assembly;

import java.util.Collection;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Values of configurations that are several at once: arrays, also of primitive types, and lists.
 */
public final class ConfigurationValue {

  private ConfigurationValue() {}

  /**
   * Returns what a value consists of.
   *
   * @param value a value of a configuration
   * @return its elements, or the value alone if it is one
   */
  public static List<Object> elements(Object value) {
    return switch (value) {
      case Object[] array -> List.of(array);
      case Collection<?> collection -> List.copyOf(collection);
      case int[] array -> listed(array.length, i -> array[i]);
      case long[] array -> listed(array.length, i -> array[i]);
      case float[] array -> listed(array.length, i -> array[i]);
      case double[] array -> listed(array.length, i -> array[i]);
      case byte[] array -> listed(array.length, i -> array[i]);
      case short[] array -> listed(array.length, i -> array[i]);
      case char[] array -> listed(array.length, i -> array[i]);
      case boolean[] array -> listed(array.length, i -> array[i]);
      default -> List.of(value);
    };
  }

  private static List<Object> listed(int length, IntFunction<Object> element) {
    return IntStream.range(0, length).mapToObj(element).toList();
  }

  /**
   * Shows a value.
   *
   * @param value a value of a configuration
   * @return the value, or its elements between brackets
   */
  public static String text(Object value) {
    boolean several = value instanceof Collection || value.getClass().isArray();
    return several ? elements(value).toString() : value.toString();
  }

  /** Returns an array of the primitive type that a type stands for. */
  static Object primitives(ConfigurationType type, List<Object> values) {
    int size = values.size();
    return switch (type) {
      case STRING -> throw new IllegalArgumentException(type + " stands for no primitive type");
      case INTEGER -> values.stream().mapToInt(v -> (Integer) v).toArray();
      case LONG -> values.stream().mapToLong(v -> (Long) v).toArray();
      case DOUBLE -> values.stream().mapToDouble(v -> (Double) v).toArray();
      case FLOAT -> {
        float[] array = new float[size];
        for (int i = 0; i < size; i++) {
          array[i] = (Float) values.get(i);
        }
        yield array;
      }
      case BYTE -> {
        byte[] array = new byte[size];
        for (int i = 0; i < size; i++) {
          array[i] = (Byte) values.get(i);
        }
        yield array;
      }
      case SHORT -> {
        short[] array = new short[size];
        for (int i = 0; i < size; i++) {
          array[i] = (Short) values.get(i);
        }
        yield array;
      }
      case CHARACTER -> {
        char[] array = new char[size];
        for (int i = 0; i < size; i++) {
          array[i] = (Character) values.get(i);
        }
        yield array;
      }
      case BOOLEAN -> {
        boolean[] array = new boolean[size];
        for (int i = 0; i < size; i++) {
          array[i] = (Boolean) values.get(i);
        }
        yield array;
      }
    };
  }
}
