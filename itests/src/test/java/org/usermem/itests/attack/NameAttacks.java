package org.usermem.itests.attack;

import static org.usermem.itests.attack.Stage.INSTALL;

import java.util.List;

/** What the check stops at a name in a constant pool or a descriptor. */
final class NameAttacks {

  private NameAttacks() {}

  /** The same names, compiled past javac. */
  static List<Attack> named() {
    return List.of(
        Attack.by(
            INSTALL,
            "names IO past javac",
            "",
            "return org.usermem.io.IO.class;",
            Attacks::pastJavac),
        Attack.with(
            INSTALL,
            "names IO in a descriptor alone",
            "",
            "void f(org.usermem.io.IO io) {} public Object call() { return null; }",
            Attacks::pastJavac),
        Attack.with(
            INSTALL,
            "names IO in a generic signature alone",
            "",
            "java.util.List<org.usermem.io.IO[]> f; public Object call() { return null; }",
            Attacks::pastJavac),
        Attack.by(
            INSTALL,
            "names IO in a method reference",
            "",
            "java.util.function.Supplier<Object> f = org.usermem.io.IOOpts::values; return"
                + " f.get();",
            Attacks::pastJavac),
        Attack.by(
            INSTALL,
            "names MemoryManager past javac",
            Attacks.CORE,
            "return org.usermem.mm.MemoryManager.class;",
            Attacks::pastJavac),
        Attack.by(
            INSTALL,
            "names Task past javac",
            Attacks.CORE,
            "return org.usermem.kernel.Task.class;",
            Attacks::pastJavac),
        Attack.by(
            INSTALL,
            "names the host's memory file past javac",
            Attacks.CORE,
            "return org.usermem.platform.memory.HostMemoryFile.class;",
            Attacks::pastJavac),
        Attack.with(
            INSTALL,
            "reads the memory of all programs through the file system's context",
            "",
            "org.usermem.fs.FileSystemContext context;"
                + " public Object call() { return context.memoryFile().base(); }",
            s -> s),
        Attack.with(
            INSTALL,
            "maps pages of others as those of a file",
            "",
            "org.usermem.memmap.MappableRange page = new org.usermem.memmap.MappableRange(0, 4096);"
                + " public Object call() { return new org.usermem.memmap.Translation(page, 0,"
                + " org.usermem.addr.AccessType.READ); }",
            s -> s),
        Attack.by(
            INSTALL,
            "requires mm and names nothing of it",
            "requires static org.usermem.mm;",
            "return null;",
            s -> s),
        Attack.by(
            INSTALL,
            "records what the whole sentry does",
            "requires jdk.jfr;",
            "return new jdk.jfr.Recording();",
            s -> s),
        Attack.by(
            INSTALL,
            "names the sentry",
            "requires org.usermem.sentry;",
            "return org.usermem.sentry.policy.Policy.standard();",
            s -> s),
        Attack.by(
            INSTALL,
            "opens the host's files through the file system for them",
            "return org.usermem.fs.hostfs.HostFileSystem.class;"));
  }

  static List<Attack> natively() {
    return List.of(
        Attack.by(
            INSTALL, "loads a library by path", "System.load(\"/tmp/evil.so\"); return null;"),
        Attack.by(INSTALL, "loads a library by name", "System.loadLibrary(\"evil\"); return null;"),
        Attack.by(
            INSTALL,
            "loads a library through Runtime",
            "Runtime.getRuntime().load(\"/tmp/evil.so\"); return null;"),
        Attack.by(
            INSTALL,
            "loads a library through a method reference",
            "java.util.function.Consumer<String> f = System::load; f.accept(\"/tmp/evil.so\");"
                + " return null;"),
        Attack.with(
            INSTALL,
            "declares a native method",
            "",
            "native void f(); public Object call() { f(); return null; }",
            s -> s),
        Attack.by(
            INSTALL,
            "calls native code through a linker",
            "return java.lang.foreign.Linker.nativeLinker().defaultLookup().find(\"getpid\");"),
        Attack.by(
            INSTALL, "looks a symbol up", "return java.lang.foreign.SymbolLookup.loaderLookup();"),
        Attack.by(
            INSTALL,
            "makes memory of an address",
            "return java.lang.foreign.MemorySegment.ofAddress(0x1000).reinterpret(8);"),
        Attack.by(
            INSTALL,
            "makes memory of an address by a layout",
            "return"
                + " java.lang.foreign.ValueLayout.ADDRESS.withTargetLayout(java.lang.foreign.ValueLayout.JAVA_LONG);"),
        Attack.by(
            INSTALL,
            "uses Unsafe",
            "requires jdk.unsupported;",
            "var f = sun.misc.Unsafe.class.getDeclaredField(\"theUnsafe\"); f.setAccessible(true);"
                + " return ((sun.misc.Unsafe) f.get(null)).getLong(0x1000);",
            s -> s),
        Attack.by(
            INSTALL,
            "brings a native library in its manifest",
            "",
            "return null;",
            s -> s.header("Bundle-NativeCode", "evil.so;osname=linux")),
        Attack.by(
            INSTALL,
            "enables native access in its manifest",
            "",
            "return null;",
            s -> s.header("Enable-Native-Access", "ALL-UNNAMED")));
  }
}
