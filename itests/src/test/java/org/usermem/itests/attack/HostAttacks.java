package org.usermem.itests.attack;

import static org.usermem.itests.attack.Stage.INSTALL;

import java.util.List;

/** Around the JVM: through the host, or through what all of the JVM shares. */
final class HostAttacks {

  private HostAttacks() {}

  /** Through the host, which knows the sentry's memory too. */
  static List<Attack> around() {
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

  /** Through what is one for the whole JVM. */
  static List<Attack> shared() {
    return List.of(
        Attack.by(
            INSTALL,
            "asks for the beans of the JVM",
            "requires java.management;",
            "return java.lang.management.ManagementFactory.getPlatformMBeanServer();",
            s -> s),
        Attack.by(
            INSTALL,
            "listens to the events of the whole sentry",
            "requires jdk.jfr;",
            "return new jdk.jfr.consumer.RecordingStream();",
            s -> s),
        Attack.by(
            INSTALL,
            "handles the signals of the sentry",
            "requires jdk.unsupported;",
            "return sun.misc.Signal.handle(new sun.misc.Signal(\"TERM\"), n -> {});",
            s -> s),
        Attack.by(
            INSTALL,
            "runs a tool of the JDK",
            "return java.util.spi.ToolProvider.findFirst(\"jar\");"),
        Attack.by(INSTALL, "reads the properties of the JVM", "return System.getProperties();"),
        Attack.by(
            INSTALL,
            "listens to the databases of other plug-ins",
            "requires java.sql;",
            "java.sql.DriverManager.setLogWriter(new java.io.PrintWriter(System.out)); return"
                + " null;",
            s -> s),
        Attack.by(
            INSTALL,
            "listens to what the sentry logs",
            "requires java.logging;",
            "java.util.logging.Logger.getLogger(\"\").addHandler(null); return null;",
            s -> s),
        Attack.by(
            INSTALL,
            "tells the JVM what time it is",
            "java.time.zone.ZoneRulesProvider.registerProvider(null); return null;"),
        Attack.by(
            INSTALL,
            "sees what the sentry deserializes",
            "java.io.ObjectInputFilter.Config.setSerialFilter(i ->"
                + " java.io.ObjectInputFilter.Status.ALLOWED); return null;"),
        Attack.by(
            INSTALL,
            "filters what the sentry logs",
            "requires java.logging;",
            "java.util.logging.Logger.getLogger(\"\").getHandlers()[0].setFilter(r -> false);"
                + " return null;",
            s -> s),
        Attack.by(
            INSTALL,
            "closes the output of the sentry, which is the program's",
            "System.out.close(); return null;"),
        Attack.by(
            INSTALL,
            "writes among the messages of the sentry",
            "System.err.print(1); return null;"),
        Attack.by(
            INSTALL,
            "leaves a driver behind in the JVM",
            "requires java.sql;",
            "java.sql.DriverManager.registerDriver(null); return null;",
            s -> s),
        Attack.by(
            INSTALL,
            "replaces the standard streams",
            "System.setErr(new java.io.PrintStream(java.io.OutputStream.nullOutputStream()));"
                + " return null;"),
        Attack.by(
            INSTALL,
            "has its code run when the JVM ends",
            "Runtime.getRuntime().addShutdownHook(null); return null;"),
        Attack.by(
            INSTALL,
            "changes the language of the sentry",
            "java.util.Locale.setDefault(java.util.Locale.JAPAN); return null;"),
        Attack.with(
            INSTALL,
            "is a file system of the JVM's own",
            "",
            "static abstract class P extends java.nio.file.spi.FileSystemProvider {} public Object"
                + " call() { return null; }",
            s -> s),
        Attack.with(
            INSTALL,
            "is a character set of the JVM's own",
            "",
            "static abstract class P extends java.nio.charset.spi.CharsetProvider {} public Object"
                + " call() { return null; }",
            s -> s),
        Attack.by(
            INSTALL,
            "looks a name up",
            "requires java.naming;",
            "return new javax.naming.InitialContext().lookup(\"ldap://127.0.0.1/x\");",
            s -> s),
        Attack.by(
            INSTALL,
            "reads a file of the host as an entity of XML",
            "requires java.xml;",
            "return javax.xml.parsers.DocumentBuilderFactory.newInstance().newDocumentBuilder()"
                + ".parse(\"/etc/passwd\");",
            s -> s),
        Attack.by(
            INSTALL,
            "has a script run",
            "requires java.scripting;",
            "return new javax.script.ScriptEngineManager();",
            s -> s),
        Attack.by(
            INSTALL, "takes descriptors of the host", "return java.nio.channels.Pipe.open();"));
  }

  /** Onto threads that are not the calling task's, and at those of other tasks. */
  static List<Attack> threads() {
    return List.of(
        Attack.by(
            INSTALL,
            "finds the threads of other tasks",
            "Thread[] all = new Thread[99]; int n = Thread.enumerate(all); all[n - 1].interrupt();"
                + " return null;"),
        Attack.by(
            INSTALL,
            "passes its thread off as that of another task",
            "Thread.currentThread().setName(\"usermem-task-1\"); return null;"),
        Attack.by(
            INSTALL,
            "leaves code of its own on the thread of a task",
            "Thread.currentThread().setUncaughtExceptionHandler((t, e) -> {}); return null;"),
        Attack.by(
            INSTALL,
            "works on a pool of the JVM through a number",
            "return"
                + " java.math.BigInteger.TWO.pow(9999).parallelMultiply(java.math.BigInteger.TEN);"),
        Attack.by(
            INSTALL,
            "works on a pool of the JVM through a map",
            "new java.util.concurrent.ConcurrentHashMap<String, String>().forEach(1, (k, v) ->"
                + " {}); return null;"),
        Attack.by(
            INSTALL,
            "works on a pool of the JVM through an array",
            "java.util.Arrays.parallelSetAll(new int[1 << 20], i -> i); return null;"),
        Attack.by(
            INSTALL,
            "works on a pool of the JVM through a stream made parallel",
            "return java.util.stream.StreamSupport.stream(java.util.List.of(1).spliterator(),"
                + " true);"),
        Attack.by(
            INSTALL,
            "works on virtual threads through a stream",
            "return java.util.stream.Stream.of(1).gather(java.util.stream.Gatherers.mapConcurrent("
                + "2, i -> i)).toList();"),
        Attack.with(
            INSTALL,
            "works on a pool of the JVM as a task of it",
            "",
            "static class T extends java.util.concurrent.RecursiveAction { protected void"
                + " compute() {} } public Object call() { new T().invoke(); return null; }",
            s -> s),
        Attack.by(
            INSTALL,
            "has a group of channels start threads",
            "return java.nio.channels.AsynchronousChannelGroup.withFixedThreadPool(1, r -> null);"),
        Attack.with(
            INSTALL,
            "works on the thread of finalizers",
            "",
            "protected void finalize() { while (true) {} } public Object call() { return null; }",
            s -> s));
  }
}
