package org.usermem.sentry.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.usermem.addr.AccessType;
import org.usermem.addr.AddrRange;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.Location;
import org.usermem.fs.MountRequest;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.Whence;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.attribute.DeviceNumber;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.device.DeviceType;
import org.usermem.fs.event.Readiness;
import org.usermem.fs.event.WaitQueue;
import org.usermem.fs.event.Waiter;
import org.usermem.fs.page.ArenaMemoryFile;
import org.usermem.fs.tmpfs.TmpfsType;
import org.usermem.fs.vfs.LookupFlags;
import org.usermem.fs.vfs.MountNamespace;
import org.usermem.fs.vfs.PathContext;
import org.usermem.fs.vfs.VirtualFileSystem;
import org.usermem.memmap.MapOptions;
import org.usermem.memmap.Mappable;
import org.usermem.memmap.MappableRange;
import org.usermem.memmap.MappingSpace;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/** A file system of the sentry stands in for one of a plug-in: to the guard they are the same. */
class PluginMountsTest {

  private static final int LOOKUP = LookupFlags.FOLLOW;

  private final ArenaMemoryFile memoryFile = new ArenaMemoryFile(1 << 24);
  private final List<String> problems = new ArrayList<>();
  private final TmpfsType root = new TmpfsType();
  private final TmpfsType plugin = new TmpfsType();
  private VirtualFileSystem vfs;
  private PluginMounts mounts;
  private MountNamespace namespace;
  private PathContext context;

  @BeforeEach
  void mount() {
    vfs = new VirtualFileSystem(memoryFile, System::nanoTime);
    mounts = new PluginMounts(vfs, problems::add);
    namespace =
        vfs.newNamespace(
            root.open(new MountRequest("", "", 0, Credentials.ROOT, vfs.newContext())), "root", 0);
    context = new PathContext(namespace.root(), namespace.root(), Credentials.ROOT, 0);
    vfs.makeDirectory(context, namespace.root(), "/p", 0755);
    mounts.add(plugin);
    mountPlugin();
  }

  private void mountPlugin() {
    vfs.mount(Credentials.ROOT, "none", at("/p"), "tmpfs", 0, "");
  }

  @AfterEach
  void close() {
    vfs.close();
    memoryFile.close();
  }

  private Location at(String path) {
    return vfs.resolve(context, namespace.root(), path, LOOKUP);
  }

  private FileDescription open(String path, int flags) {
    return vfs.open(context, namespace.root(), path, flags, 0644, LOOKUP);
  }

  private static Source source(String text) {
    return Source.of(MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static String read(FileDescription file, int byteCount) {
    byte[] bytes = new byte[byteCount];
    int got = (int) file.read(Sink.of(MemorySegment.ofArray(bytes)));
    return new String(bytes, 0, got, StandardCharsets.UTF_8);
  }

  private static void assertErrno(Errno errno, Executable call) {
    assertEquals(errno, assertThrows(LinuxException.class, call).errno());
  }

  @Test
  void filesAreCreatedReadListedLinkedRenamedAndRemoved() {
    FileDescription file = open("/p/a", OpenFlags.READ_WRITE | OpenFlags.CREATE);
    assertEquals(5, file.write(source("hello")));
    assertEquals(1, file.seek(1, Whence.SET));
    assertEquals("ello", read(file, 9));
    vfs.makeDirectory(context, namespace.root(), "/p/d", 0755);
    vfs.makeLink(context, namespace.root(), "/p/a", namespace.root(), "/p/d/b", 0);
    assertSame(at("/p/a").inode(), at("/p/d/b").inode());
    vfs.rename(context, namespace.root(), "/p/a", namespace.root(), "/p/d/c", 0);
    vfs.makeSymbolicLink(context, "d/c", namespace.root(), "/p/l");
    assertEquals(5, vfs.attributes(context, namespace.root(), "/p/l", LOOKUP).byteSize());
    List<String> names = new ArrayList<>();
    FileDescription directory = open("/p/d", OpenFlags.READ_ONLY | OpenFlags.DIRECTORY);
    directory.list((name, type, inode, next) -> names.add(name));
    assertEquals(List.of(".", "..", "b", "c"), names.stream().sorted().toList());
    vfs.unlink(context, namespace.root(), "/p/d/b");
    vfs.unlink(context, namespace.root(), "/p/d/c");
    assertErrno(Errno.ENOENT, () -> at("/p/d/c"));
    vfs.removeDirectory(context, namespace.root(), "/p/d");
    directory.decRef();
    file.decRef();
    assertEquals(List.of(), problems);
  }

  @Test
  void openFilesAnswerEnodevOnceThePluginIsGone() {
    FileDescription file = open("/p/a", OpenFlags.READ_WRITE | OpenFlags.CREATE);
    file.write(source("hello"));
    FileDescription directory = open("/p", OpenFlags.READ_ONLY | OpenFlags.DIRECTORY);
    mounts.remove(plugin);
    assertErrno(Errno.ENODEV, () -> read(file, 1));
    assertErrno(Errno.ENODEV, () -> file.write(source("x")));
    assertErrno(Errno.ENODEV, file::attributes);
    assertErrno(Errno.ENODEV, () -> file.sync(true));
    assertErrno(Errno.ENODEV, () -> directory.list((name, type, inode, next) -> name.length() < 3));
    assertErrno(Errno.ENODEV, () -> at("/p/new"));
    assertErrno(Errno.ENODEV, () -> open("/p/new", OpenFlags.READ_WRITE | OpenFlags.CREATE));
    directory.decRef();
    file.decRef();
    assertEquals(List.of(), problems);
  }

  @Test
  void itWorksAgainAfterARemount() {
    FileDescription old = open("/p/a", OpenFlags.READ_WRITE | OpenFlags.CREATE);
    mounts.remove(plugin);
    assertErrno(Errno.ENODEV, () -> vfs.mount(Credentials.ROOT, "none", at("/p"), "tmpfs", 0, ""));
    TmpfsType restarted = new TmpfsType();
    mounts.add(restarted);
    vfs.unmount(at("/p"), true);
    mountPlugin();
    FileDescription file = open("/p/a", OpenFlags.READ_WRITE | OpenFlags.CREATE);
    assertEquals(2, file.write(source("ok")));
    assertErrno(Errno.ENODEV, () -> read(old, 1));
    old.decRef();
    file.decRef();
  }

  @Test
  void mappedPagesAreTakenAwayAndNotTranslatedAnyMore() {
    FileDescription file = open("/p/a", OpenFlags.READ_WRITE | OpenFlags.CREATE);
    file.write(source("hello"));
    MapOptions options = file.configureMap(MapOptions.builder(4096).build());
    Mappable mappable = options.mappable();
    List<AddrRange> invalidated = new ArrayList<>();
    AddrRange range = new AddrRange(0x10000, 0x11000);
    MappingSpace space = (gone, isPrivate) -> invalidated.add(gone);
    mappable.addMapping(space, range, 0, true);
    MappableRange page = new MappableRange(0, 4096);
    assertEquals(1, mappable.translate(page, page, AccessType.READ).size());
    mounts.remove(plugin);
    assertEquals(Set.of(range), Set.copyOf(invalidated));
    assertEquals(List.of(), mappable.translate(page, page, AccessType.READ));
    mappable.removeMapping(space, range, 0, true);
    options.identity().decRef();
    file.decRef();
  }

  @Test
  void waitersAreWokenWhenADeviceGoes() {
    WaitQueue queue = new WaitQueue();
    DeviceType device = new Silent(queue);
    mounts.add(device);
    vfs.makeNode(
        context,
        namespace.root(),
        "/silent",
        FileType.CHARACTER_DEVICE,
        0666,
        DeviceNumber.of(240, 0));
    FileDescription file = open("/silent", OpenFlags.READ_ONLY);
    assertErrno(Errno.EAGAIN, () -> read(file, 1));
    assertEquals(0, file.readiness(Readiness.READABLE));
    AtomicInteger woken = new AtomicInteger();
    Waiter waiter = Waiter.of(Readiness.READABLE, woken::incrementAndGet);
    file.register(waiter);
    queue.notify(Readiness.READABLE);
    assertEquals(1, woken.get());
    mounts.remove(device);
    assertEquals(2, woken.get());
    assertNotEquals(0, file.readiness(Readiness.READABLE));
    assertErrno(Errno.ENODEV, () -> read(file, 1));
    assertErrno(Errno.ENXIO, () -> open("/silent", OpenFlags.READ_ONLY));
    file.unregister(waiter);
    file.decRef();
    assertEquals(0, queue.interest());
  }

  @Test
  void aDefectOfAPluginIsEioAndToldAndItsInterruptForgotten() {
    mounts.add(
        new DeviceType() {
          @Override
          public String name() {
            return "broken";
          }

          @Override
          public int major() {
            return 241;
          }

          @Override
          public FileDescription open(long number, OpenRequest request) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("defect");
          }
        });
    vfs.makeNode(
        context,
        namespace.root(),
        "/broken",
        FileType.CHARACTER_DEVICE,
        0666,
        DeviceNumber.of(241, 0));
    assertErrno(Errno.EIO, () -> open("/broken", OpenFlags.READ_ONLY));
    assertEquals(1, problems.size());
    assertFalse(Thread.currentThread().isInterrupted());
  }

  @Test
  void anotherTypeOfTheSameNameIsToldAndLeftOut() {
    mounts.add(new TmpfsType());
    assertEquals(1, problems.size());
    FileDescription file = open("/p/a", OpenFlags.READ_WRITE | OpenFlags.CREATE);
    file.decRef();
  }

  /** A device that never has anything to read. */
  private static final class Silent implements DeviceType {

    private final WaitQueue queue;

    Silent(WaitQueue queue) {
      this.queue = queue;
    }

    @Override
    public String name() {
      return "silent";
    }

    @Override
    public int major() {
      return 240;
    }

    @Override
    public FileDescription open(long device, OpenRequest request) {
      return new FileDescription(request) {
        @Override
        protected long onRead(Sink dst, TransferOptions options) {
          throw LinuxException.of(Errno.EAGAIN);
        }

        @Override
        public boolean canWait() {
          return true;
        }

        @Override
        public int readiness(int interest) {
          return 0;
        }

        @Override
        public void register(Waiter waiter) {
          queue.register(waiter);
        }

        @Override
        public void unregister(Waiter waiter) {
          queue.unregister(waiter);
        }
      };
    }
  }
}
