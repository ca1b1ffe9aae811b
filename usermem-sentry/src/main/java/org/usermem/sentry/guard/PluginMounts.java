package org.usermem.sentry.guard;

import java.util.IdentityHashMap;
import java.util.function.Consumer;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileSystemType;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.device.DeviceType;
import org.usermem.fs.vfs.VirtualFileSystem;

/**
 * Makes the file systems and devices of plug-ins known to a VFS, guarded, and takes them away
 * again. Safe for use by several threads.
 */
public final class PluginMounts {

  private final VirtualFileSystem vfs;
  private final Consumer<String> problems;
  private final IdentityHashMap<FileSystemType, GuardedFileSystemType> types =
      new IdentityHashMap<>(); // guarded by this
  private final IdentityHashMap<DeviceType, Device> devices =
      new IdentityHashMap<>(); // guarded by this

  /** A device as it was registered: it is asked for its numbers once. */
  private record Device(GuardedDevice driver, FileType type, int major, int firstMinor) {}

  /**
   * Makes it.
   *
   * @param vfs where they are to be known
   * @param problems is told what can't be registered, and what a plug-in does wrong
   */
  public PluginMounts(VirtualFileSystem vfs, Consumer<String> problems) {
    this.vfs = vfs;
    this.problems = problems;
  }

  /**
   * Makes a type of file system known.
   *
   * @param type the plug-in's type
   */
  public synchronized void add(FileSystemType type) {
    try {
      GuardedFileSystemType guarded = new GuardedFileSystemType(type, this::failed);
      vfs.register(guarded);
      types.put(type, guarded);
    } catch (IllegalStateException | LinuxException e) {
      problems.accept("a plug-in's file system can't be registered: " + e.getMessage());
    }
  }

  /**
   * Takes a type of file system away. When this returns, what is mounted of it answers ENODEV and
   * holds nothing of the plug-in.
   *
   * @param type the plug-in's type
   */
  public synchronized void remove(FileSystemType type) {
    GuardedFileSystemType guarded = types.remove(type);
    if (guarded != null) {
      vfs.unregister(guarded);
      guarded.revoke();
    }
  }

  /**
   * Makes a device known.
   *
   * @param type the plug-in's device
   */
  public synchronized void add(DeviceType type) {
    try {
      Device device =
          new Device(
              new GuardedDevice(type, this::failed), type.type(), type.major(), type.firstMinor());
      vfs.devices()
          .register(
              device.type(),
              device.major(),
              device.firstMinor(),
              type.minorCount(),
              type.name(),
              device.driver());
      devices.put(type, device);
    } catch (RuntimeException e) {
      problems.accept("a plug-in's device can't be registered: " + e.getMessage());
    }
  }

  /**
   * Takes a device away. When this returns, what is open of it answers ENODEV and holds nothing of
   * the plug-in.
   *
   * @param type the plug-in's device
   */
  public synchronized void remove(DeviceType type) {
    Device device = devices.remove(type);
    if (device != null) {
      vfs.devices().unregister(device.type(), device.major(), device.firstMinor(), device.driver());
      device.driver().revoke();
    }
  }

  private void failed(Throwable failure) {
    problems.accept("a plug-in failed: " + failure);
  }
}
