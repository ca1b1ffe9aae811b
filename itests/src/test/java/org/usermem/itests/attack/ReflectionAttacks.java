package org.usermem.itests.attack;

import static org.usermem.itests.attack.Stage.INSTALL;

import java.util.List;

/** What would find a name at run time out of a string. */
final class ReflectionAttacks {

  private ReflectionAttacks() {}

  static List<Attack> all() {
    return List.of(
        Attack.with(
            INSTALL,
            "sees the classes of its callers",
            "",
            "static class S extends SecurityManager { Class<?>[] callers() { return"
                + " getClassContext(); } } public Object call() { return new S().callers(); }",
            s -> s),
        Attack.by(
            INSTALL,
            "finds a class by a constant that is described",
            "return java.lang.constant.ClassDesc.of(\"org.usermem.mm.MemoryManager\")"
                + ".resolveConstantDesc(null);"),
        Attack.by(
            INSTALL,
            "loads a class through the loader of the thread",
            "return"
                + " Thread.currentThread().getContextClassLoader().loadClass(\"org.usermem.io.IO\");"),
        Attack.by(
            INSTALL,
            "reads a private field behind a sequence",
            Attacks.SOURCE
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
            "return java.lang.reflect.Proxy.isProxyClass(A.class);"),
        Attack.by(
            INSTALL,
            "stands in for an interface by a method handle",
            "return java.lang.invoke.MethodHandleProxies.asInterfaceInstance(Runnable.class,"
                + " null);"),
        Attack.by(
            INSTALL,
            "defines a hidden class that is a nestmate of its own",
            "return java.lang.invoke.MethodHandles.lookup().defineHiddenClass(new byte[8], true,"
                + " java.lang.invoke.MethodHandles.Lookup.ClassOption.NESTMATE);"),
        Attack.with(
            INSTALL,
            "uses the look-up that a bootstrap method is handed",
            "",
            "static Object boot(java.lang.invoke.MethodHandles.Lookup l) throws Exception { return"
                + " l.findClass(\"org.usermem.io.IO\"); } public Object call() { return null; }",
            s -> s),
        Attack.by(
            INSTALL,
            "takes a serializable lambda apart",
            "return new java.io.ObjectOutputStream(java.io.OutputStream.nullOutputStream());"),
        Attack.by(
            INSTALL,
            "opens a module through a layer of its own",
            "return java.lang.ModuleLayer.defineModulesWithOneLoader(null, java.util.List.of(),"
                + " null).addOpens(null, \"org.usermem.io\", null);"),
        Attack.by(
            INSTALL,
            "loads a class as a resource bundle, through a subclass",
            "return java.util.PropertyResourceBundle.getBundle(\"org.usermem.io.IO\");"),
        Attack.by(
            INSTALL,
            "asks its class loader for the bundle it belongs to",
            "requires org.apache.felix.framework;",
            "return ((org.osgi.framework.BundleReference) (Object) A.class).getBundle();",
            s -> s),
        Attack.by(
            INSTALL,
            "reaches the system bundle",
            "requires org.apache.felix.framework;",
            "return org.osgi.framework.FrameworkUtil.getBundle(A.class).getBundleContext()"
                + ".getBundle(0);",
            s -> s));
  }
}
