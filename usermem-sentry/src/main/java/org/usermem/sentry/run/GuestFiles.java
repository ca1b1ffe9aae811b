package org.usermem.sentry.run;

import java.nio.file.Path;
import java.util.List;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.CoarseClock;
import org.usermem.fs.FileClock;
import org.usermem.fs.FileNames;
import org.usermem.fs.FileSystem;
import org.usermem.fs.Location;
import org.usermem.fs.Mount;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.devfs.DevFileSystem;
import org.usermem.fs.devfs.MemoryDevices;
import org.usermem.fs.hostfs.HostFileSystem;
import org.usermem.fs.hostfs.HostOptions;
import org.usermem.fs.memfd.SharedMemory;
import org.usermem.fs.overlay.OverlayFileSystem;
import org.usermem.fs.overlay.OverlayOptions;
import org.usermem.fs.tmpfs.TmpfsFileSystem;
import org.usermem.fs.tmpfs.TmpfsOptions;
import org.usermem.fs.tmpfs.TmpfsType;
import org.usermem.fs.vfs.LookupFlags;
import org.usermem.fs.vfs.MountNamespace;
import org.usermem.fs.vfs.PathContext;
import org.usermem.fs.vfs.VirtualFileSystem;
import org.usermem.kernel.Kernel;
import org.usermem.linux.procfs.ProcFileSystem;
import org.usermem.linux.sysfs.SysFileSystem;
import org.usermem.linux.tty.PseudoTerminals;
import org.usermem.platform.file.HostFiles;
import org.usermem.platform.memory.HostMemoryFile;

/**
 * The files of a guest: an overlay over a host directory, /proc, /sys, /dev, and what is mounted
 * besides. The host is never changed, but for directories that are mounted to be written to.
 */
final class GuestFiles implements AutoCloseable {
  private static final int NO_SET_ID_DEVICES_EXECUTE =
      Mount.NO_SET_ID | Mount.NO_DEVICES | Mount.NO_EXECUTE;

  private final CoarseClock clock = new CoarseClock(FileClock.SYSTEM);
  private final VirtualFileSystem vfs;
  private final MountNamespace mounts;
  private final SharedMemory sharedMemory;
  private final PseudoTerminals terminals;

  GuestFiles(HostMemoryFile memoryFile, Path root) {
    this.vfs = new VirtualFileSystem(memoryFile, clock);
    this.sharedMemory = new SharedMemory(vfs.anonymousFiles(), vfs.newContext());
    this.terminals = new PseudoTerminals(vfs.newContext());
    FileSystem host =
        new HostFileSystem(
            vfs.newContext(), HostOptions.lower(root).withSpace(HostFiles::blockCount));
    FileSystem overlay =
        new OverlayFileSystem(vfs.newContext(), List.of(host), OverlayOptions.DEFAULT);
    this.mounts = vfs.newNamespace(overlay, "overlay", 0);
    vfs.register(new TmpfsType());
    MemoryDevices.register(vfs.devices(), sharedMemory);
    terminals.register(vfs.devices());
  }

  VirtualFileSystem vfs() {
    return vfs;
  }

  MountNamespace mounts() {
    return mounts;
  }

  SharedMemory sharedMemory() {
    return sharedMemory;
  }

  PseudoTerminals terminals() {
    return terminals;
  }

  /** Mounts what a kernel has. */
  void mountKernelFiles(Kernel kernel) {
    mountOnly(
        new ProcFileSystem(vfs.newContext(), kernel), "proc", "/proc", NO_SET_ID_DEVICES_EXECUTE);
    mountOnly(
        new SysFileSystem(vfs.newContext(), kernel),
        "sysfs",
        "/sys",
        NO_SET_ID_DEVICES_EXECUTE | Mount.READ_ONLY);
    mountOnly(DevFileSystem.create(vfs.newContext()), "devtmpfs", "/dev", Mount.NO_SET_ID);
    mountOnly(terminals, "devpts", "/dev/pts", Mount.NO_SET_ID | Mount.NO_EXECUTE);
    FileSystem sharedFiles =
        new TmpfsFileSystem(vfs.newContext(), TmpfsOptions.DEFAULT.withRoot(01777, 0, 0));
    mount(sharedFiles, "tmpfs", "/dev/shm", Mount.NO_SET_ID | Mount.NO_DEVICES);
  }

  /**
   * Mounts what the command line asks for.
   *
   * @throws IllegalArgumentException if it can't be mounted
   */
  void mount(MountOption option) {
    int flags = option.readOnly() ? Mount.READ_ONLY : 0;
    String target = FileNames.ofUnicode(option.target());
    try {
      if (option.type().equals("bind")) {
        HostOptions host =
            HostOptions.shared(Path.of(option.source()).toAbsolutePath().normalize())
                .withReadOnly(option.readOnly())
                .withSpace(HostFiles::blockCount);
        mount(new HostFileSystem(vfs.newContext(), host), option.source(), target, flags);
      } else {
        vfs.mount(
            Credentials.ROOT,
            FileNames.ofUnicode(option.source()),
            place(target),
            option.type(),
            flags,
            "");
      }
    } catch (LinuxException e) {
      throw new IllegalArgumentException(
          option.type()
              + ":"
              + option.source()
              + " can't be mounted at "
              + option.target()
              + ": "
              + e.errno().description(),
          e);
    }
  }

  private void mountOnly(FileSystem only, String type, String target, int flags) {
    vfs.register(new KernelFiles(type, only));
    mount(only, type, target, flags);
  }

  private void mount(FileSystem fileSystem, String source, String target, int flags) {
    vfs.mount(fileSystem, source, place(target), flags);
  }

  /** The place of a mount, which is made in the overlay if the host has none. */
  private Location place(String path) {
    PathContext context = new PathContext(mounts.root(), mounts.root(), Credentials.ROOT, 022);
    int slash = 0;
    while (slash >= 0) {
      slash = path.indexOf('/', slash + 1);
      String parent = slash < 0 ? path : path.substring(0, slash);
      try {
        vfs.makeDirectory(context, mounts.root(), parent, 0755);
      } catch (LinuxException e) {
        if (e.errno() != Errno.EEXIST) {
          throw e;
        }
      }
    }
    return vfs.resolve(context, mounts.root(), path, LookupFlags.FOLLOW);
  }

  @Override
  public void close() {
    mounts.close();
    vfs.close();
    clock.close();
  }
}
