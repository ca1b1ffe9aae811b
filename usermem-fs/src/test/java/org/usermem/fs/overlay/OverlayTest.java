package org.usermem.fs.overlay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.usermem.fs.fixture.Sandbox.assertErrno;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.usermem.addr.AccessType;
import org.usermem.addr.AddrRange;
import org.usermem.errno.Errno;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.RegularFile;
import org.usermem.fs.RenameFlags;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.fixture.RecordingSpace;
import org.usermem.fs.fixture.Sandbox;
import org.usermem.fs.hostfs.HostFileSystem;
import org.usermem.fs.hostfs.HostOptions;
import org.usermem.memmap.FileRange;
import org.usermem.memmap.Mappable;
import org.usermem.memmap.MappableRange;
import org.usermem.memmap.Translation;

class OverlayTest {

  @TempDir Path host;
  private Sandbox box;
  private Map<String, String> before;

  @BeforeEach
  void setUp() throws IOException {
    Files.createDirectories(host.resolve("lower/d/sub"));
    Files.writeString(host.resolve("lower/d/f"), "lower f");
    Files.writeString(host.resolve("lower/d/g"), "lower g");
    Files.createLink(host.resolve("lower/linked"), host.resolve("lower/d/g"));
    Files.createSymbolicLink(host.resolve("lower/link"), Path.of("d/f"));
    Files.writeString(host.resolve("lower/d/sub/deep"), "deep");
    before = snapshot();
    box =
        new Sandbox(
            context ->
                new OverlayFileSystem(
                    context,
                    List.of(new HostFileSystem(context, HostOptions.lower(host.resolve("lower")))),
                    OverlayOptions.DEFAULT));
  }

  @AfterEach
  void tearDown() throws IOException {
    assertEquals(before, snapshot(), "the lower layer was changed");
    box.namespace.close();
    box.vfs.close();
    assertEquals(0, box.memory.allocatedBytes());
    box.memory.close();
  }

  private Map<String, String> snapshot() throws IOException {
    Map<String, String> all = new TreeMap<>();
    try (var walk = Files.walk(host)) {
      for (Path path : (Iterable<Path>) walk::iterator) {
        String contents = Files.isRegularFile(path) ? Files.readString(path) : "";
        all.put(path.toString(), contents + " " + Files.getLastModifiedTime(path));
      }
    }
    return all;
  }

  @Test
  void lowerFilesShowThrough() {
    assertEquals("lower f", box.read("/link"));
    assertEquals(List.of("f", "g", "sub"), sorted(box.list("/d")));
  }

  private static List<String> sorted(List<String> names) {
    return names.stream().sorted().toList();
  }

  @Test
  void writingCopiesUpAndKeepsTheNumber() {
    long inode = box.stat("/d/f").inode();
    FileDescription early = box.open("/d/f", OpenFlags.READ_ONLY);
    FileDescription writer = box.open("/d/f", OpenFlags.READ_WRITE);
    writer.write(Sandbox.source("UPPER"));
    assertEquals("UPPER f", Sandbox.readAt(early, 0, 100));
    assertEquals("UPPER f", box.read("/d/f"));
    assertEquals(inode, box.stat("/d/f").inode());
    early.decRef();
    writer.decRef();
  }

  @Test
  void hardLinksStayOneFileThroughCopyUp() {
    assertEquals(box.stat("/d/g").inode(), box.stat("/linked").inode());
    box.write("/linked", "changed");
    assertEquals("changed", box.read("/d/g"));
    assertEquals(2, box.stat("/d/g").linkCount());
    box.unlink("/linked");
    assertEquals("changed", box.read("/d/g"));
    assertEquals(1, box.stat("/d/g").linkCount());
    box.unlink("/d/g");
    assertErrno(Errno.ENOENT, () -> box.read("/d/g"));
  }

  @Test
  void truncatingOpenNeedsNoCopy() {
    box.write("/d/f", "new");
    assertEquals("new", box.read("/d/f"));
  }

  @Test
  void attributesChangeWithoutCopyingBytes() {
    box.vfs.setAttributes(box.context, box.resolve("/d/f", 0), AttributeChange.NONE.withMode(0600));
    assertEquals(0100600, box.stat("/d/f").mode());
    assertEquals("lower f", box.read("/d/f"));
    box.write("/d/f", "x");
    assertEquals(0100600, box.stat("/d/f").mode());
  }

  @Test
  void removedNamesStayRemoved() {
    box.unlink("/d/f");
    assertErrno(Errno.ENOENT, () -> box.read("/d/f"));
    assertEquals(List.of("g", "sub"), sorted(box.list("/d")));
    assertErrno(Errno.ENOTEMPTY, () -> box.rmdir("/d"));
    box.unlink("/d/g");
    box.unlink("/d/sub/deep");
    box.rmdir("/d/sub");
    box.rmdir("/d");
    assertEquals(List.of("link", "linked"), sorted(box.list("/")));
    box.mkdir("/d");
    assertEquals(List.of(), box.list("/d"));
    assertErrno(Errno.ENOENT, () -> box.read("/d/f"));
  }

  @Test
  void lowerDirectoryIsRenamedWhole() {
    box.write("/d/new", "new");
    box.rename("/d", "/e");
    assertErrno(Errno.ENOENT, () -> box.list("/d"));
    assertEquals(List.of("f", "g", "new", "sub"), sorted(box.list("/e")));
    assertEquals("deep", box.read("/e/sub/deep"));
    box.mkdir("/d");
    assertEquals(List.of(), box.list("/d"));
    box.rename("/e", "/d");
    assertEquals("new", box.read("/d/new"));
  }

  @Test
  void renameReplacesLowerFile() {
    box.write("/n", "n");
    box.rename("/n", "/d/f");
    assertEquals("n", box.read("/d/f"));
    box.unlink("/d/f");
    assertErrno(Errno.ENOENT, () -> box.read("/d/f"));
    box.rename("/d/g", "/d/f");
    assertEquals("lower g", box.read("/d/f"));
    assertErrno(Errno.ENOENT, () -> box.read("/d/g"));
  }

  @Test
  void exchangeSwapsLowerNames() {
    box.rename("/d/f", "/linked", RenameFlags.EXCHANGE);
    assertEquals("lower g", box.read("/d/f"));
    assertEquals("lower f", box.read("/linked"));
    assertEquals(List.of("f", "g", "sub"), sorted(box.list("/d")));
  }

  @Test
  void changesSurviveWhateverIsForgotten() {
    box.write("/d/f", "kept");
    box.mkdir("/d/made");
    box.write("/d/made/file", "made");
    for (int i = 0; i < 2500; i++) {
      int n = i;
      assertErrno(Errno.ENOENT, () -> box.stat("/absent" + n));
    }
    System.gc();
    assertEquals("kept", box.read("/d/f"));
    assertEquals("made", box.read("/d/made/file"));
  }

  @Test
  void listingGoesOnAfterAChange() throws IOException {
    FileDescription directory = box.open("/d", OpenFlags.DIRECTORY);
    List<String> names = new ArrayList<>();
    directory.list((name, type, inode, next) -> names.size() < 3 && names.add(name));
    box.unlink("/d/" + names.get(2));
    box.write("/d/zzz", "");
    directory.list((name, type, inode, next) -> names.add(name));
    names.remove("zzz");
    assertEquals(List.of(".", "..", "f", "g", "sub"), names.stream().sorted().toList());
    directory.decRef();
  }

  private String mapped(Mappable mappable, long offset, int byteCount) {
    List<Translation> translations =
        mappable.translate(
            new MappableRange(offset, offset + 4096),
            new MappableRange(offset, offset + 4096),
            AccessType.READ);
    FileRange range = translations.getFirst().fileRange();
    byte[] bytes = new byte[byteCount];
    MemorySegment.copy(box.memory.segment(range), 0, MemorySegment.ofArray(bytes), 0, byteCount);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @Test
  void mappingsSeeTheCopy() {
    FileDescription open = box.open("/d/f", OpenFlags.READ_ONLY);
    Mappable mappable = ((RegularFile) open.inode()).mappable();
    RecordingSpace space = new RecordingSpace();
    AddrRange range = AddrRange.of(0x10000, 0x1000);
    mappable.addMapping(space, range, 0, false);
    assertEquals("lower f", mapped(mappable, 0, 7));
    FileDescription writer = box.open("/d/f", OpenFlags.WRITE_ONLY);
    writer.write(Sandbox.source("UPPER"));
    assertEquals(List.of("[0x10000, 0x11000)"), space.invalidated);
    assertEquals("UPPER f", mapped(mappable, 0, 7));
    box.vfs.setAttributes(
        box.context, box.resolve("/d/f", 0), AttributeChange.NONE.withByteSize(0));
    assertEquals(
        List.of("[0x10000, 0x11000)", "[0x10000, 0x11000) with copies"), space.invalidated);
    mappable.removeMapping(space, range, 0, false);
    writer.decRef();
    open.decRef();
  }

  @Test
  void lowerPagesAreSharedAndKept() {
    FileDescription first = box.open("/d/f", OpenFlags.READ_ONLY);
    Mappable mappable = ((RegularFile) first.inode()).mappable();
    assertEquals("lower f", mapped(mappable, 0, 7));
    long allocated = box.memory.allocatedBytes();
    first.decRef();
    FileDescription second = box.open("/d/f", OpenFlags.READ_ONLY);
    assertSame(mappable, ((RegularFile) second.inode()).mappable());
    assertEquals("lower f", mapped(mappable, 0, 7));
    assertEquals(allocated, box.memory.allocatedBytes());
    second.decRef();
  }

  @Test
  void newFilesHaveNumbersOfTheirOwn() {
    box.write("/one", "");
    box.write("/two", "");
    assertNotEquals(box.stat("/one").inode(), box.stat("/two").inode());
    assertFalse(box.stat("/one").inode() == box.stat("/d/f").inode());
  }

  @Test
  void severalLayersMerge() throws IOException {
    Files.createDirectories(host.resolve("top/d"));
    Files.writeString(host.resolve("top/d/f"), "top f");
    Files.writeString(host.resolve("top/d/t"), "top t");
    Files.writeString(host.resolve("top/link"), "a file hides a link");
    before = snapshot();
    box.mkdir("/m");
    var context = box.vfs.newContext();
    box.vfs.mount(
        new OverlayFileSystem(
            context,
            List.of(
                new HostFileSystem(context, HostOptions.lower(host.resolve("top"))),
                new HostFileSystem(context, HostOptions.lower(host.resolve("lower")))),
            OverlayOptions.DEFAULT),
        "overlay",
        box.resolve("/m", 0),
        0);
    assertEquals(List.of("f", "g", "sub", "t"), sorted(box.list("/m/d")));
    assertEquals("top f", box.read("/m/d/f"));
    assertEquals("lower g", box.read("/m/d/g"));
    assertEquals("a file hides a link", box.read("/m/link"));
    box.unlink("/m/d/f");
    assertErrno(Errno.ENOENT, () -> box.read("/m/d/f"));
    box.vfs.unmount(box.resolve("/m", 0), false);
  }

  @Test
  void gainingAndLosingNamesChangesAFileWhereverItsBytesAre() {
    box.now.set(Long.MAX_VALUE / 2); // after the host has made its files
    for (String file : List.of("/d/f", "/new")) {
      box.write(file, "x");
      long written = box.stat(file).changeTime();
      box.link(file, "/other");
      long linked = box.stat(file).changeTime();
      assertTrue(linked > written);
      box.write("/third", "");
      box.rename("/third", "/other");
      assertTrue(box.stat(file).changeTime() > linked);
      box.unlink("/other");
    }
  }
}
