package org.usermem.platform;

import java.util.Locale;
import java.util.Optional;

/** The platforms that usermem comes with. */
public enum PlatformKind {

  /** System calls are trapped inside the guest's process and handed over in shared memory. */
  SYSTRAP,

  /** Guest threads are traced with ptrace(2). */
  PTRACE,

  /** Nothing runs: mappings are recorded, and guest threads are Java code. */
  IN_PROCESS;

  private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /** Returns the name on the command line, such as "ptrace" or "in-process". */
  public String label() {
    return label;
  }

  /** Returns the kind with a name on the command line. */
  public static Optional<PlatformKind> ofLabel(String label) {
    for (PlatformKind kind : values()) {
      if (kind.label.equals(label)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }
}
