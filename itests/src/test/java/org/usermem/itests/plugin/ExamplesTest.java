package org.usermem.itests.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileClock;
import org.usermem.fs.FileDescription;
import org.usermem.fs.FileSystemType;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.attribute.DeviceNumber;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.device.DeviceType;
import org.usermem.fs.page.ArenaMemoryFile;
import org.usermem.fs.tmpfs.TmpfsFileSystem;
import org.usermem.fs.tmpfs.TmpfsOptions;
import org.usermem.fs.vfs.LookupFlags;
import org.usermem.fs.vfs.MountNamespace;
import org.usermem.fs.vfs.PathContext;
import org.usermem.fs.vfs.VirtualFileSystem;
import org.usermem.itests.BuiltModules;
import org.usermem.sentry.assembly.Assembly;
import org.usermem.sentry.assembly.AssemblyFile;
import org.usermem.sentry.assembly.PluginServices;
import org.usermem.sentry.guard.PluginMounts;
import org.usermem.sentry.policy.Place;
import org.usermem.sentry.policy.Policy;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/** The plug-ins of examples/, compiled against the built jars, in a running assembly. */
class ExamplesTest {

  @TempDir private Path dir;

  private final ArenaMemoryFile memoryFile = new ArenaMemoryFile(1 << 24);
  private final List<String> problems = new ArrayList<>();
  private VirtualFileSystem vfs;
  private MountNamespace namespace;
  private PathContext context;
  private Assembly assembly;

  @BeforeEach
  void assemble() {
    vfs = new VirtualFileSystem(memoryFile, FileClock.SYSTEM);
    namespace =
        vfs.newNamespace(new TmpfsFileSystem(vfs.newContext(), TmpfsOptions.DEFAULT), "none", 0);
    context = new PathContext(namespace.root(), namespace.root(), Credentials.ROOT, 0);
    vfs.makeDirectory(context, namespace.root(), "/m", 0755);
    Place library =
        new Place(
            Place.Origin.PLUGIN,
            "rowfs/sqlite-jdbc-*",
            "native-library",
            Set.of(),
            Optional.empty());
    assembly =
        Assembly.start(
            new AssemblyFile(
                "examples",
                Policy.standard().withPlaces(List.of(library)),
                List.of(),
                Optional.empty(),
                List.of(),
                Map.of()),
            PluginServices.TYPES,
            e -> {});
    PluginMounts mounts = new PluginMounts(vfs, problems::add);
    assembly.follow(FileSystemType.class, mounts::add, mounts::remove);
    assembly.follow(DeviceType.class, mounts::add, mounts::remove);
  }

  @AfterEach
  void close() {
    assembly.close();
    vfs.close();
    memoryFile.close();
    assertEquals(List.of(), problems);
  }

  static Path example(String name) {
    return BuiltModules.sourceTree().resolve("examples").resolve(name).resolve("src/main/java");
  }

  static Path compile(Path sources, Path jar, Path... libraries) throws IOException {
    Path classes = Files.createTempDirectory("classes");
    List<String> words = new ArrayList<>(List.of("-d", classes.toString(), "--module-path"));
    words.add(
        Stream.concat(BuiltModules.compilePath().stream(), Stream.of(libraries))
            .map(Path::toString)
            .collect(Collectors.joining(":")));
    try (Stream<Path> files = Files.walk(sources)) {
      files.filter(f -> f.toString().endsWith(".java")).forEach(f -> words.add(f.toString()));
    }
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said);
    ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
    assertEquals(0, javac.run(out, out, words.toArray(String[]::new)), said::toString);
    Files.createDirectories(jar.getParent());
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream packed = new JarOutputStream(file);
        Stream<Path> files = Files.walk(classes)) {
      for (Path each : files.filter(Files::isRegularFile).toList()) {
        packed.putNextEntry(new JarEntry(classes.relativize(each).toString()));
        packed.write(Files.readAllBytes(each));
      }
    }
    return jar;
  }

  private FileDescription open(String path, int flags) {
    return vfs.open(context, namespace.root(), path, flags, 0644, LookupFlags.FOLLOW);
  }

  private static String read(FileDescription file, int byteCount) {
    byte[] bytes = new byte[byteCount];
    return new String(bytes, 0, (int) file.read(Sink.of(bytes)), StandardCharsets.UTF_8);
  }

  private static Source source(String text) {
    return Source.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private void start(Path plugin) {
    assembly.plugins().start(assembly.plugins().install(plugin).name());
  }

  private void mount(String type, String source) {
    vfs.mount(
        Credentials.ROOT,
        source,
        vfs.resolve(context, namespace.root(), "/m", LookupFlags.FOLLOW),
        type,
        0,
        "");
  }

  @Test
  void theTemplateSaysHello() throws IOException {
    start(compile(example("template"), dir.resolve("myfs.jar")));
    mount("myfs", "none");
    FileDescription file = open("/m/hello", OpenFlags.READ_ONLY);
    assertEquals("hello\n", read(file, 100));
    assembly.plugins().stop("myfs.jar");
    LinuxException e = assertThrows(LinuxException.class, () -> read(file, 1));
    assertEquals(Errno.ENODEV, e.errno());
    file.decRef();
  }

  @Test
  void aDieIsThrown() throws IOException {
    start(compile(example("dice"), dir.resolve("dice.jar")));
    vfs.makeNode(
        context,
        namespace.root(),
        "/die",
        FileType.CHARACTER_DEVICE,
        0666,
        DeviceNumber.of(240, 6));
    FileDescription die = open("/die", OpenFlags.READ_ONLY);
    String thrown = read(die, 20);
    assertTrue(thrown.matches("([1-6]\n){10}"), thrown);
    die.decRef();
  }

  @Test
  void filesAreRows() throws IOException {
    Path unit = dir.resolve("rowfs");
    Path library = unit.resolve("sqlite-jdbc-" + System.getProperty("usermem.sqlite") + ".jar");
    Files.createDirectories(unit);
    Files.copy(Path.of(System.getProperty("usermem.sqlite.jar")), library);
    compile(example("rowfs"), unit.resolve("rowfs.jar"), library);
    start(unit);
    String database = dir.resolve("notes.db").toString();
    mount("rowfs", database);
    FileDescription file = open("/m/note", OpenFlags.READ_WRITE | OpenFlags.CREATE);
    assertEquals(5, file.write(source("hello")));
    file.decRef();
    vfs.rename(context, namespace.root(), "/m/note", namespace.root(), "/m/renamed", 0);
    FileDescription again = open("/m/renamed", OpenFlags.READ_WRITE | OpenFlags.APPEND);
    assertEquals(6, again.write(source(" world")));
    assertEquals("", read(again, 9));
    again.decRef();
    List<String> names = new ArrayList<>();
    FileDescription directory = open("/m", OpenFlags.READ_ONLY | OpenFlags.DIRECTORY);
    directory.list((name, type, inode, next) -> names.add(name));
    directory.decRef();
    assertEquals(List.of(".", "..", "renamed"), names);
    FileDescription unlinked = open("/m/renamed", OpenFlags.READ_ONLY);
    vfs.unlink(context, namespace.root(), "/m/renamed");
    assertEquals("hello world", read(unlinked, 99));
    unlinked.decRef();
    assembly.plugins().uninstall("rowfs");
    assertTrue(Files.size(Path.of(database)) > 0);
  }
}
