package org.usermem.itests.attack;

import static org.usermem.itests.attack.Stage.COMPILE;
import static org.usermem.itests.attack.Stage.INSTALL;
import static org.usermem.itests.attack.Stage.RESOLVE;
import static org.usermem.itests.attack.Stage.RUN;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/**
 * Ways from a file-system plug-in to a program's address space, to a task, to native memory, or to
 * the inside of another plug-in. A way in is a few lines.
 */
final class Attacks {

  private static final String CORE =
      "requires org.usermem.mm; requires org.usermem.kernel; requires org.usermem.platform;";

  private static final String SOURCE =
      "org.usermem.sequence.Source s = org.usermem.sequence.Source.of("
          + "java.lang.foreign.MemorySegment.ofArray(new byte[8])); ";

  private Attacks() {}

  private static PluginSource pastJavac(PluginSource source) {
    return source
        .past("org.usermem.api/org.usermem.io")
        .past("org.usermem.mm/org.usermem.mm")
        .past("org.usermem.kernel/org.usermem.kernel")
        .past("org.usermem.platform/org.usermem.platform.memory")
        .past("org.usermem.platform/org.usermem.platform.host");
  }

  static Stream<Attack> all() {
    return Stream.of(
            compile(), named(), natively(), reflectively(), around(), lying(), resolve(), run())
        .flatMap(List::stream);
  }

  private static List<Attack> compile() {
    return List.of(
        Attack.by(COMPILE, "names IO", "return org.usermem.io.IO.class;"),
        Attack.by(
            COMPILE, "names IO through a factory", "return org.usermem.io.IOSequences.class;"),
        Attack.by(
            COMPILE,
            "casts a source to its implementation",
            SOURCE + "return (org.usermem.sequence.BlockSource) s;"),
        Attack.by(
            COMPILE,
            "casts a source to one behind an address",
            SOURCE + "return (org.usermem.io.AddressSource) s;"),
        Attack.by(
            COMPILE,
            "names MemoryManager",
            CORE,
            "return org.usermem.mm.MemoryManager.class;",
            s -> s),
        Attack.by(COMPILE, "names Task", CORE, "return org.usermem.kernel.Task.class;", s -> s),
        Attack.by(
            COMPILE,
            "names the host's memory file",
            CORE,
            "return org.usermem.platform.memory.HostMemoryFile.class;",
            s -> s),
        Attack.by(COMPILE, "asks a sequence for the IO behind it", SOURCE + "return s.io();"),
        Attack.with(
            COMPILE,
            "is a sequence of its own",
            "",
            "static abstract class S implements org.usermem.sequence.IOSequence {} public Object"
                + " call() { return null; }",
            s -> s));
  }

  /** The same names, compiled past javac. */
  private static List<Attack> named() {
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
            CORE,
            "return org.usermem.mm.MemoryManager.class;",
            Attacks::pastJavac),
        Attack.by(
            INSTALL,
            "names Task past javac",
            CORE,
            "return org.usermem.kernel.Task.class;",
            Attacks::pastJavac),
        Attack.by(
            INSTALL,
            "names the host's memory file past javac",
            CORE,
            "return org.usermem.platform.memory.HostMemoryFile.class;",
            Attacks::pastJavac),
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

  private static List<Attack> natively() {
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

  private static List<Attack> reflectively() {
    return List.of(
        Attack.by(
            INSTALL,
            "reads a private field behind a sequence",
            SOURCE
                + "var f = s.getClass().getDeclaredFields()[0]; f.setAccessible(true); return"
                + " f.get(s);"),
        Attack.by(
            INSTALL,
            "finds MemoryManager by name",
            "return Class.forName(\"org.usermem.mm.MemoryManager\");"),
        Attack.by(
            INSTALL,
            "finds MemoryManager through the system class loader",
            "return"
                + " ClassLoader.getSystemClassLoader().loadClass(\"org.usermem.mm.MemoryManager\");"),
        Attack.by(
            INSTALL,
            "finds Task through the thread's class loader",
            "return"
                + " Thread.currentThread().getContextClassLoader().loadClass(\"org.usermem.kernel.Task\");"),
        Attack.by(
            INSTALL,
            "gets a private look-up",
            "return"
                + " java.lang.invoke.MethodHandles.privateLookupIn(org.usermem.sequence.Source.class,"
                + " java.lang.invoke.MethodHandles.lookup());"),
        Attack.by(
            INSTALL,
            "finds a class through its own look-up",
            "return java.lang.invoke.MethodHandles.lookup().findClass(\"org.usermem.io.IO\");"),
        Attack.with(
            INSTALL,
            "defines classes of its own",
            "",
            "static class L extends ClassLoader { Class<?> f(byte[] b) { return defineClass(null,"
                + " b, 0, b.length); } } public Object call() { return new L(); }",
            s -> s),
        Attack.by(
            INSTALL,
            "walks the module layers",
            "return ModuleLayer.boot().findModule(\"org.usermem.mm\");"),
        Attack.by(
            INSTALL,
            "asks its module for exports",
            "return A.class.getModule().addReads(Object.class.getModule());"),
        Attack.by(
            INSTALL,
            "loads services of the sentry",
            "return java.util.ServiceLoader.load(Runnable.class);"),
        Attack.by(
            INSTALL,
            "walks the stack for classes",
            "return"
                + " StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE).getCallerClass();"),
        Attack.by(
            INSTALL,
            "deserializes an object",
            "return new"
                + " java.io.ObjectInputStream(A.class.getResourceAsStream(\"x\")).readObject();"),
        Attack.by(
            INSTALL,
            "resolves a class description",
            "return ((java.lang.constant.ConstantDesc)"
                + " java.lang.constant.ClassDesc.of(\"org.usermem.io.IO\")).resolveConstantDesc(null);"),
        Attack.by(
            INSTALL,
            "stands in for an interface by a proxy",
            "return java.lang.reflect.Proxy.isProxyClass(A.class);"));
  }

  /** Around the JVM: through the host, which knows the sentry's memory too. */
  private static List<Attack> around() {
    return List.of(
        Attack.by(
            INSTALL,
            "writes the sentry's memory as a file",
            "var f = new java.io.RandomAccessFile(\"/proc/self/mem\", \"rw\"); f.seek(0x1000);"
                + " f.write(1); return null;"),
        Attack.by(
            INSTALL,
            "reads the sentry's memory as a channel",
            "return"
                + " java.nio.channels.FileChannel.open(java.nio.file.Path.of(\"/proc/self/mem\"));"),
        Attack.by(
            INSTALL,
            "opens a file through a formatter",
            "return new java.util.Formatter(\"/proc/self/mem\");"),
        Attack.by(
            INSTALL,
            "starts a debugger",
            "return new ProcessBuilder(\"gdb\", \"-p\", \"1\").start();"),
        Attack.by(
            INSTALL,
            "starts a program through Runtime",
            "return Runtime.getRuntime().exec(new String[] {\"sh\"});"),
        Attack.by(INSTALL, "opens a socket", "return new java.net.Socket(\"127.0.0.1\", 1);"),
        Attack.by(
            INSTALL,
            "dumps the heap",
            "requires jdk.management; requires java.management;",
            "java.lang.management.ManagementFactory.getPlatformMXBean(com.sun.management.HotSpotDiagnosticMXBean.class).dumpHeap(\"/tmp/x.hprof\","
                + " true); return null;",
            s -> s),
        Attack.by(
            INSTALL,
            "attaches to the JVM",
            "requires jdk.attach;",
            "return com.sun.tools.attach.VirtualMachine.attach(\"1\");",
            s -> s),
        Attack.by(
            INSTALL,
            "is an agent",
            "",
            "return null;",
            s -> s.header("Launcher-Agent-Class", "com.evil.A")),
        Attack.by(
            INSTALL,
            "starts a thread that outlives it",
            "new Thread(() -> { while (true) {} }).start(); return null;"),
        Attack.by(
            INSTALL,
            "works on a pool of the JVM",
            "return java.util.concurrent.CompletableFuture.runAsync(() -> {});"),
        Attack.by(INSTALL, "ends the JVM", "System.exit(1); return null;"));
  }

  /** Lies about itself. */
  private static List<Attack> lying() {
    return List.of(
        new Attack(
            INSTALL,
            "is named like a core module",
            PluginSource.module("org.usermem.mm", "").type("A", "public class A {}")),
        Attack.by(
            INSTALL,
            "has a package of the API",
            "",
            "return null;",
            s ->
                s.file("org/usermem/io/Mine.java", "package org.usermem.io; public class Mine {}")),
        Attack.by(
            INSTALL,
            "has an unexported package of mm",
            "",
            "return null;",
            s ->
                s.file("org/usermem/mm/Mine.java", "package org.usermem.mm; public class Mine {}")),
        Attack.by(
            INSTALL,
            "has the symbolic name of the kernel",
            "",
            "return null;",
            s -> s.header("Bundle-SymbolicName", "org.usermem.kernel")),
        Attack.by(
            INSTALL,
            "is a fragment of mm",
            "",
            "return null;",
            s -> s.header("Fragment-Host", "org.usermem.mm")),
        Attack.by(
            INSTALL,
            "requires the bundle of mm",
            "",
            "return null;",
            s -> s.header("Require-Bundle", "org.usermem.mm")),
        Attack.by(
            INSTALL,
            "imports what it finds",
            "",
            "return null;",
            s -> s.header("DynamicImport-Package", "*")),
        Attack.by(
            INSTALL,
            "imports a package of mm",
            "",
            "return null;",
            s -> s.header("Import-Package", "org.usermem.mm")),
        Attack.by(
            INSTALL,
            "imports the framework",
            "",
            "return null;",
            s -> s.header("Import-Package", "org.osgi.framework.wiring")),
        Attack.by(
            INSTALL,
            "exports a package of the API as its own",
            "",
            "return null;",
            s -> s.header("Export-Package", "org.usermem.sequence")),
        Attack.by(
            INSTALL,
            "provides a package by capability",
            "",
            "return null;",
            s ->
                s.header(
                    "Provide-Capability",
                    "osgi.wiring.package;osgi.wiring.package=org.usermem.sequence")),
        Attack.by(
            INSTALL,
            "hides a jar in its jar",
            "",
            "return null;",
            s -> s.header("Bundle-ClassPath", ".,hidden.jar")),
        Attack.by(
            INSTALL,
            "is started with a bundle context",
            "",
            "return null;",
            s -> s.header("Bundle-Activator", "com.evil.A")),
        Attack.by(
            INSTALL,
            "hides a class in another version of itself",
            "",
            "return null;",
            s ->
                s.header("Multi-Release", "true")
                    .entry(
                        "META-INF/versions/25/com/evil/A.class",
                        classNaming("java/lang/ProcessBuilder"))),
        Attack.by(
            INSTALL,
            "has a class under another's name",
            "",
            "return null;",
            s -> s.entry("com/evil/B.class", classNaming("java/lang/Object"))),
        Attack.by(
            INSTALL,
            "has a class that no compiler made",
            "",
            "return null;",
            s -> s.entry("com/evil/B.class", "nothing".getBytes(StandardCharsets.UTF_8))),
        Attack.by(
            INSTALL,
            "opens everything",
            "",
            "return null;",
            s -> s.file("module-info.java", "open module com.evil {}")));
  }

  /** A class com.evil.A that names another in its constant pool and nowhere else. */
  private static byte[] classNaming(String internalName) {
    return java.lang.classfile.ClassFile.of()
        .build(
            java.lang.constant.ClassDesc.of("com.evil.A"),
            c -> c.constantPool().classEntry(c.constantPool().utf8Entry(internalName)));
  }

  private static List<Attack> resolve() {
    return List.of(
        Attack.by(
            RESOLVE,
            "requires the module of another plug-in",
            "requires com.victim;",
            "return com.victim.V.class;",
            s -> s),
        Attack.by(
            RESOLVE,
            "imports the package of another plug-in",
            "",
            "return null;",
            s -> s.header("Import-Package", "com.victim")),
        Attack.by(
            RESOLVE,
            "imports a package of the framework's inside",
            "",
            "return null;",
            s -> s.header("Import-Package", "org.apache.felix.framework")));
  }

  private static List<Attack> run() {
    String system =
        "Class<?> c = ClassLoader.getSystemClassLoader().loadClass(\"org.usermem.io.BytesIO\"); ";
    return List.of(
        Attack.by(
            RUN,
            "names IO and is let in",
            "",
            "return org.usermem.io.IOOpts.values();",
            Attacks::pastJavac),
        Attack.by(
            RUN,
            "names MemoryManager and is let in",
            CORE,
            "return org.usermem.mm.MemoryManager.class.getMethods()[0];",
            Attacks::pastJavac),
        Attack.by(
            RUN,
            "names Task and is let in",
            CORE,
            "return org.usermem.kernel.Task.class.getMethods()[0];",
            Attacks::pastJavac),
        Attack.by(
            RUN,
            "names the host's memory file and is let in",
            CORE,
            "return org.usermem.platform.memory.HostMemoryFile.class.getMethods()[0];",
            Attacks::pastJavac),
        Attack.by(
            RUN,
            "makes memory of an address and is let in",
            "return java.lang.foreign.MemorySegment.ofAddress(0x1000).reinterpret(8);"),
        Attack.by(
            RUN,
            "calls native code and is let in",
            "return"
                + " java.lang.foreign.Linker.nativeLinker().downcallHandle(java.lang.foreign.MemorySegment.ofAddress(0x1000),"
                + " java.lang.foreign.FunctionDescriptor.ofVoid());"),
        Attack.by(
            RUN, "loads a library and is let in", "System.load(\"/tmp/evil.so\"); return null;"),
        Attack.with(
            RUN,
            "declares a native method and is let in",
            "",
            "native void f(); public Object call() { f(); return null; }",
            s -> s),
        Attack.by(
            RUN,
            "reads a private field behind a sequence and is let in",
            SOURCE
                + "var f = s.getClass().getDeclaredFields()[0]; f.setAccessible(true); return"
                + " f.get(s);"),
        Attack.by(
            RUN,
            "finds MemoryManager by name and is let in",
            "return Class.forName(\"org.usermem.mm.MemoryManager\");"),
        Attack.by(
            RUN,
            "calls an IO through the system class loader and is let in",
            system + "return c.getMethods()[0].invoke(null);"),
        Attack.by(
            RUN,
            "gets a private look-up and is let in",
            system
                + "return java.lang.invoke.MethodHandles.privateLookupIn(c,"
                + " java.lang.invoke.MethodHandles.lookup());"),
        Attack.by(
            RUN,
            "binds a method of an IO and is let in",
            system
                + "return java.lang.invoke.MethodHandles.lookup().unreflect(c.getMethods()[0]);"),
        Attack.by(
            RUN,
            "exports a package of the API to itself and is let in",
            "org.usermem.sequence.Source.class.getModule().addExports(\"org.usermem.io\","
                + " A.class.getModule()); return null;"),
        Attack.by(
            RUN,
            "uses Unsafe and is let in",
            "requires jdk.unsupported;",
            "var f = sun.misc.Unsafe.class.getDeclaredField(\"theUnsafe\"); f.setAccessible(true);"
                + " return ((sun.misc.Unsafe) f.get(null)).getLong(0x1000);",
            s -> s),
        Attack.by(
            RUN,
            "uses the JDK's own Unsafe and is let in",
            "",
            "return jdk.internal.misc.Unsafe.getUnsafe().getLong(0x1000);",
            s -> s.past("java.base/jdk.internal.misc")),
        Attack.by(
            RUN,
            "requires the bundle of another plug-in and is let in",
            "",
            "return Class.forName(\"com.victim.V\");",
            s -> s.header("Require-Bundle", "com.victim")),
        Attack.by(
            RUN,
            "is a fragment of another plug-in and is let in",
            "",
            "return Class.forName(\"com.victim.inside.Secret\");",
            s -> s.header("Fragment-Host", "com.victim")),
        Attack.by(
            RUN,
            "hides a jar in its jar and is let in",
            "",
            "return Class.forName(\"hidden.H\");",
            s -> s.header("Bundle-ClassPath", ".,hidden.jar")));
  }
}
