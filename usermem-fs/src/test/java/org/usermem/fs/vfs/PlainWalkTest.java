package org.usermem.fs.vfs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterProperty;
import org.usermem.errno.LinuxException;
import org.usermem.fs.Location;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.fixture.Sandbox;
import org.usermem.fs.tmpfs.TmpfsFileSystem;
import org.usermem.fs.tmpfs.TmpfsOptions;

class PlainWalkTest {

  private static final int SOMEBODY = 1000;

  private final DentryCache cache = new DentryCache(1000);
  private final Sandbox box =
      new Sandbox(context -> new TmpfsFileSystem(context, TmpfsOptions.DEFAULT));

  PlainWalkTest() {
    box.mkdir("/a");
    box.mkdir("/a/b");
    box.vfs.makeDirectory(box.context, box.root(), "/closed", 0600);
    box.write("/closed/file", "text");
    box.write("/a/file", "text");
    box.write("/a/b/file", "text");
    box.symlink("a/b", "/link");
    box.symlink("/a", "/a/up");
    box.symlink("nowhere", "/a/b/dangling");
    box.mkdir("/a/mnt");
    box.vfs.mount(
        new TmpfsFileSystem(box.vfs.newContext(), TmpfsOptions.DEFAULT),
        "tmpfs",
        box.resolve("/a/mnt", 0),
        0);
    box.mkdir("/a/mnt/b");
  }

  @AfterProperty
  void close() {
    box.close();
  }

  @Provide
  Arbitrary<String> paths() {
    Arbitrary<String> names =
        Arbitraries.of(
            "a", "b", "file", "x", ".", "..", "...", "link", "up", "dangling", "mnt", "closed");
    return names
        .list()
        .ofMaxSize(6)
        .flatMap(
            components ->
                Arbitraries.of("/", "//")
                    .list()
                    .ofSize(components.size() + 1)
                    .flatMap(
                        slashes ->
                            Arbitraries.of(0, 1, 2, 3)
                                .map(ends -> join(components, slashes, ends))));
  }

  private static String join(List<String> components, List<String> slashes, int ends) {
    StringBuilder path = new StringBuilder((ends & 1) != 0 ? slashes.getLast() : "");
    for (int i = 0; i < components.size(); i++) {
      path.append(i == 0 ? "" : slashes.get(i)).append(components.get(i));
    }
    return path.append((ends & 2) != 0 ? slashes.getFirst() : "").toString();
  }

  @Property(seed = "4", tries = 2000)
  void leadsWhereTheWholeWalkLeads(
      @ForAll("paths") String path,
      @ForAll boolean follows,
      @ForAll boolean directory,
      @ForAll boolean fromInside) {
    int flags = (follows ? LookupFlags.FOLLOW : 0) | (directory ? LookupFlags.DIRECTORY : 0);
    PathContext context =
        new PathContext(
            box.root(), box.root(), new Credentials(SOMEBODY, SOMEBODY, new int[0], 0), 022);
    Location start = fromInside ? box.resolve("/a", 0) : box.root();
    assertEquals(
        outcome(() -> new PathWalk(cache, context, start, flags).toEnd(path)),
        outcome(() -> PlainWalk.toEnd(cache, context, start, path, flags)),
        path);
  }

  /** A location or an errno. */
  private static Object outcome(Supplier<Location> walk) {
    try {
      return walk.get();
    } catch (LinuxException e) {
      return e.errno();
    }
  }
}
