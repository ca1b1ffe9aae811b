package org.usermem.itests.attack;

import java.util.List;
import java.util.stream.Stream;

/**
 * Ways from a file-system plug-in to a program's address space, to a task, to native memory, to the
 * sentry itself, or to the inside of another plug-in. A way in is a few lines.
 */
final class Attacks {

  /** Directives that require what a plug-in may not. */
  static final String CORE =
      "requires org.usermem.mm; requires org.usermem.kernel; requires org.usermem.platform;";

  /** A statement that gets hold of a source. */
  static final String SOURCE =
      "org.usermem.sequence.Source s = org.usermem.sequence.Source.of("
          + "java.lang.foreign.MemorySegment.ofArray(new byte[8])); ";

  private Attacks() {}

  /** Has javac let everything pass that only the modules keep apart. */
  static PluginSource pastJavac(PluginSource source) {
    return source
        .past("org.usermem.api/org.usermem.io")
        .past("org.usermem.mm/org.usermem.mm")
        .past("org.usermem.kernel/org.usermem.kernel")
        .past("org.usermem.platform/org.usermem.platform.memory")
        .past("org.usermem.platform/org.usermem.platform.host");
  }

  static Stream<Attack> all() {
    return Stream.of(
            CompileAttacks.all(),
            NameAttacks.named(),
            NameAttacks.natively(),
            ReflectionAttacks.all(),
            HostAttacks.around(),
            HostAttacks.shared(),
            HostAttacks.threads(),
            DisguiseAttacks.all(),
            DisguiseAttacks.components(),
            LateAttacks.resolve(),
            LateAttacks.run(),
            LateAttacks.crafted())
        .flatMap(List::stream);
  }
}
