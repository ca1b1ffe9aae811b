package org.usermem.itests.attack;

import static org.usermem.itests.attack.Stage.COMPILE;

import java.util.List;

/** What javac stops: names that are not exported, and types that are sealed. */
final class CompileAttacks {

  private CompileAttacks() {}

  static List<Attack> all() {
    return List.of(
        Attack.by(COMPILE, "names IO", "return org.usermem.io.IO.class;"),
        Attack.by(
            COMPILE, "names IO through a factory", "return org.usermem.io.IOSequences.class;"),
        Attack.by(
            COMPILE,
            "casts a source to its implementation",
            Attacks.SOURCE + "return (org.usermem.sequence.BlockSource) s;"),
        Attack.by(
            COMPILE,
            "casts a source to one behind an address",
            Attacks.SOURCE + "return (org.usermem.io.AddressSource) s;"),
        Attack.by(
            COMPILE,
            "names MemoryManager",
            Attacks.CORE,
            "return org.usermem.mm.MemoryManager.class;",
            s -> s),
        Attack.by(
            COMPILE, "names Task", Attacks.CORE, "return org.usermem.kernel.Task.class;", s -> s),
        Attack.by(
            COMPILE,
            "names the host's memory file",
            Attacks.CORE,
            "return org.usermem.platform.memory.HostMemoryFile.class;",
            s -> s),
        Attack.by(
            COMPILE, "asks a sequence for the IO behind it", Attacks.SOURCE + "return s.io();"),
        Attack.with(
            COMPILE,
            "is a sequence of its own",
            "",
            "static abstract class S implements org.usermem.sequence.IOSequence {} public Object"
                + " call() { return null; }",
            s -> s));
  }
}
