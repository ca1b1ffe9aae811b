package org.usermem.sentry.cli;

import java.util.Optional;

/** The options of {@code usermem run}. */
enum RunOption {
  ROOT("--root", Arity.ONE, "DIR", "Host directory that the guest sees as /; / if not given."),
  MOUNT("--mount", Arity.MANY, "TYPE:SOURCE:TARGET[:ro]", "Mount a file system in the guest."),
  ENV("--env", Arity.MANY, "NAME[=VALUE]", "Set, or with a name alone take over, a variable."),
  WORKDIR("--workdir", Arity.ONE, "DIR", "Working directory in the guest."),
  USER("--user", Arity.ONE, "UID[:GID]", "Whom the program runs as; root if not given."),
  HOSTNAME("--hostname", Arity.ONE, "NAME", "Name of the guest's machine; usermem if not given."),
  MEMORY("--memory", Arity.ONE, "SIZE", "Limit of memory, such as 512M or 2G."),
  TASKS("--tasks", Arity.ONE, "COUNT", "Limit of tasks."),
  PLUGINS("--plugins", Arity.ONE, "DIR", "Watch a directory for plug-ins."),
  ASSEMBLY("--assembly", Arity.ONE, "FILE", "Plug-ins, layer policy and mounts."),
  CONFIG("--config", Arity.MANY, "PID/KEY=VALUE|FILE", "Configure a component of a plug-in."),
  PLATFORM(
      "--platform", Arity.ONE, "NAME", "What runs guest code: systrap, ptrace, or a plug-in's."),
  JFR("--jfr", Arity.ONE, "FILE", "Record what happens; 'usermem stats FILE' sums it up."),
  CONTROL("--control", Arity.ONE, "SOCKET", "Let 'usermem shell SOCKET' look at this sentry."),
  VIEW("--view", Arity.ONE, "PORT", "Show this sentry to a browser on this machine."),
  STRACE("--strace", Arity.NONE, "", "Show system calls."),
  SUMMARY("--summary", Arity.NONE, "", "Show at the end which calls were not implemented."),
  MAPS_AT_EXIT("--maps-at-exit", Arity.NONE, "", "Show what the program has mapped as it ends.");

  /** How many values an option takes. */
  enum Arity {
    /** It is there or not. */
    NONE,

    /** It is given once at most, with a value. */
    ONE,

    /** It is given as often as one likes, each time with a value. */
    MANY
  }

  /** As on the command line, with its hyphens. */
  final String word;

  /** How many values it takes. */
  final Arity arity;

  /** What the help calls its value. */
  final String label;

  /** What the help says. */
  final String description;

  RunOption(String word, Arity arity, String label, String description) {
    this.word = word;
    this.arity = arity;
    this.label = label;
    this.description = description;
  }

  /** Finds an option by its word. */
  static Optional<RunOption> of(String word) {
    for (RunOption option : values()) {
      if (option.word.equals(word)) {
        return Optional.of(option);
      }
    }
    return Optional.empty();
  }
}
