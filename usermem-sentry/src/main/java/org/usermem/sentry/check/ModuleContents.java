package org.usermem.sentry.check;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** Reads the class files of a module, within limits. */
final class ModuleContents {

  /** The largest class file that is read, in bytes. */
  static final int MAX_CLASS_BYTES = 4 << 20;

  /** The largest sum of the class files of a module, in bytes: a small jar can hold a lot. */
  static final long MAX_TOTAL_BYTES = 256L << 20;

  /** The largest number of class files in a module. */
  static final int MAX_CLASSES = 50_000;

  private ModuleContents() {}

  /**
   * Reads every class file of a module.
   *
   * @param reference the module
   * @param malformed is told the entry and the reason where one can't be read
   * @return the facts of the readable ones
   * @throws IOException if the module's file can't be read
   */
  static List<ClassFacts> read(ModuleReference reference, BiConsumer<String, String> malformed)
      throws IOException {
    List<ClassFacts> all = new ArrayList<>();
    try (ModuleReader reader = reference.open();
        var names = reader.list()) {
      List<String> classes =
          names.filter(n -> n.endsWith(".class")).limit(MAX_CLASSES + 1L).toList();
      if (classes.size() > MAX_CLASSES) {
        malformed.accept("module", "has more than " + MAX_CLASSES + " classes");
        return List.of();
      }
      long total = 0;
      for (String name : classes) {
        try {
          byte[] bytes = bytes(reader, name);
          total += bytes.length;
          if (total > MAX_TOTAL_BYTES) {
            malformed.accept("module", "has more than " + MAX_TOTAL_BYTES + " bytes of classes");
            return List.of();
          }
          ClassFacts facts = ClassFileReader.read(bytes);
          all.add(facts);
          checkName(name, facts);
        } catch (IllegalArgumentException | SecurityException e) {
          // The latter from a jar whose signature does not fit.
          malformed.accept("class file " + name, String.valueOf(e.getMessage()));
        }
      }
    }
    return all;
  }

  /** The entry's name decides which class the loader defines from it. */
  private static void checkName(String entry, ClassFacts facts) {
    String expected = facts.name().replace('.', '/') + ".class";
    if (!entry.equals(expected) && !facts.name().equals("module-info")) {
      throw new IllegalArgumentException("holds the class " + facts.name());
    }
  }

  private static byte[] bytes(ModuleReader reader, String name) throws IOException {
    try (InputStream in = reader.open(name).orElseThrow(() -> new IOException("lost " + name))) {
      byte[] bytes = in.readNBytes(MAX_CLASS_BYTES + 1);
      if (bytes.length > MAX_CLASS_BYTES) {
        throw new IllegalArgumentException("is larger than " + MAX_CLASS_BYTES + " bytes");
      }
      return bytes;
    }
  }
}
