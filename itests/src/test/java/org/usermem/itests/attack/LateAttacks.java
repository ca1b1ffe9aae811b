package org.usermem.itests.attack;

import static org.usermem.itests.attack.Stage.RESOLVE;
import static org.usermem.itests.attack.Stage.RUN;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.function.Consumer;

/** What is left to the framework and the JVM, because it was let past the check. */
final class LateAttacks {

  private static final MethodTypeDesc CALL = MethodTypeDesc.of(ConstantDescs.CD_Object);

  private LateAttacks() {}

  static List<Attack> resolve() {
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

  static List<Attack> run() {
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
            Attacks.CORE,
            "return org.usermem.mm.MemoryManager.class.getMethods()[0];",
            Attacks::pastJavac),
        Attack.by(
            RUN,
            "names Task and is let in",
            Attacks.CORE,
            "return org.usermem.kernel.Task.class.getMethods()[0];",
            Attacks::pastJavac),
        Attack.by(
            RUN,
            "names the host's memory file and is let in",
            Attacks.CORE,
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
            Attacks.SOURCE
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
            s -> s.header("Bundle-ClassPath", ".,hidden.jar")),
        Attack.by(
            RUN,
            "defines a hidden class in the API and is let in",
            system
                + "return java.lang.invoke.MethodHandles.lookup().in(c).defineHiddenClass(new"
                + " byte[8], false);"),
        Attack.by(
            RUN,
            "opens the API through the boot layer and is let in",
            "ModuleLayer.boot().findModule(\"org.usermem.api\").get().addOpens(\"org.usermem.io\","
                + " A.class.getModule()); return null;"),
        Attack.by(
            RUN,
            "calls who called it and is let in",
            """
            Class<?> caller = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                .walk(f -> f.map(StackWalker.StackFrame::getDeclaringClass)
                    .filter(c -> !c.getName().startsWith("com.evil")).findFirst().get());
            var field = caller.getDeclaredFields()[0];
            field.setAccessible(true);
            return field;
            """),
        Attack.by(
            RUN,
            "finds a class of another plug-in through the thread's loader and is let in",
            "return Class.forName(\"com.victim.V\", true,"
                + " Thread.currentThread().getContextClassLoader());"),
        Attack.by(
            RUN,
            "reaches the system bundle and is let in",
            "requires org.apache.felix.framework;",
            """
            var own = org.osgi.framework.FrameworkUtil.getBundle(A.class);
            var system = own == null ? null : own.getBundleContext().getBundle(0);
            if (system == null) { throw new ClassNotFoundException("the bundle is hidden"); }
            return system;
            """,
            s -> s));
  }

  /** Class files that no compiler makes, and that name nothing a plug-in may not name. */
  static List<Attack> crafted() {
    return List.of(
        crafted("is a sequence of its own, past javac", LateAttacks::sequence),
        crafted("calls what is private to the API, past javac", LateAttacks::callOfPrivate));
  }

  private static Attack crafted(String name, Consumer<ClassBuilder> members) {
    ClassDesc type = ClassDesc.of("com.evil.S");
    byte[] bytes =
        ClassFile.of()
            .build(
                type,
                c -> {
                  c.withFlags(ClassFile.ACC_PUBLIC)
                      .withMethodBody(
                          ConstantDescs.INIT_NAME,
                          ConstantDescs.MTD_void,
                          ClassFile.ACC_PUBLIC,
                          b ->
                              b.aload(0)
                                  .invokespecial(
                                      ConstantDescs.CD_Object,
                                      ConstantDescs.INIT_NAME,
                                      ConstantDescs.MTD_void)
                                  .return_());
                  members.accept(c);
                });
    return Attack.by(
        RUN,
        name,
        "",
        "return new S().call();",
        s ->
            s.type("S", "public class S { public Object call() { return null; } }")
                .entry("com/evil/S.class", bytes));
  }

  private static void sequence(ClassBuilder type) {
    type.withInterfaceSymbols(ClassDesc.of("org.usermem.sequence.IOSequence"))
        .withMethodBody("call", CALL, ClassFile.ACC_PUBLIC, b -> b.aload(0).areturn());
  }

  private static void callOfPrivate(ClassBuilder type) {
    type.withMethodBody(
        "call",
        CALL,
        ClassFile.ACC_PUBLIC,
        b -> b.loadConstant(ClassDesc.of("org.usermem.sequence.BlockSource")).areturn());
  }
}
