package org.usermem.sentry.attach;

import java.util.function.Consumer;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileNames;
import org.usermem.fs.FileSystemType;
import org.usermem.fs.Location;
import org.usermem.fs.Mount;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.attribute.DeviceNumber;
import org.usermem.fs.device.DeviceType;
import org.usermem.fs.vfs.LookupFlags;
import org.usermem.fs.vfs.PathContext;
import org.usermem.fs.vfs.VirtualFileSystem;
import org.usermem.sentry.assembly.AssemblyException;
import org.usermem.sentry.assembly.AssemblyFile;
import org.usermem.sentry.guard.PluginMounts;

/**
 * What plug-ins bring to a running sentry: their file systems can be mounted by their names, their
 * devices are in /dev. Safe for use by several threads.
 */
public final class AttachedPlugins {

  private static final int DEVICE_PERMISSIONS = 0666;

  private final VirtualFileSystem vfs;
  private final PathContext context;
  private final Consumer<String> messages;
  private final PluginMounts mounts;

  /**
   * Makes it for the files of a guest.
   *
   * @param vfs where file systems and devices are made known
   * @param root the guest's root
   * @param messages is told what happens, a line each
   */
  public AttachedPlugins(VirtualFileSystem vfs, Location root, Consumer<String> messages) {
    this.vfs = vfs;
    this.context = new PathContext(root, root, Credentials.ROOT, 0);
    this.messages = messages;
    this.mounts = new PluginMounts(vfs, messages);
  }

  /**
   * Mounts something.
   *
   * @throws AssemblyException if it can't be mounted
   */
  public void mount(AssemblyFile.MountEntry entry) {
    boolean readOnly = ("," + entry.options() + ",").contains(",ro,");
    String options =
        readOnly
            ? ("," + entry.options()).replace(",ro", "").replaceFirst("^,", "")
            : entry.options();
    try {
      Location where =
          vfs.resolve(
              context, context.root(), FileNames.ofUnicode(entry.target()), LookupFlags.FOLLOW);
      vfs.mount(
          Credentials.ROOT,
          entry.source(),
          where,
          entry.type(),
          readOnly ? Mount.READ_ONLY : 0,
          options);
    } catch (LinuxException e) {
      String why =
          e.errno() == Errno.ENODEV
              ? "there is no file system type '" + entry.type() + "'"
              : e.errno().description();
      throw new AssemblyException(
          "cannot mount " + entry.source() + " at " + entry.target() + ": " + why, e);
    }
  }

  /** Makes a type of file system known. */
  public void add(FileSystemType type) {
    mounts.add(type);
  }

  /** Takes a type of file system away; what is mounted of it answers ENODEV afterwards. */
  public void remove(FileSystemType type) {
    mounts.remove(type);
  }

  /** Makes a device known, and a node for it. */
  public void add(DeviceType device) {
    mounts.add(device);
    try {
      vfs.makeNode(
          context,
          context.root(),
          nodeOf(device),
          device.type(),
          DEVICE_PERMISSIONS,
          DeviceNumber.of(device.major(), device.firstMinor()));
    } catch (LinuxException e) {
      messages.accept(
          "no " + nodeOf(device) + " for a plug-in's device: " + e.errno().description());
    }
  }

  /** Takes a device and its node away; what is open of it answers ENODEV afterwards. */
  public void remove(DeviceType device) {
    try {
      vfs.unlink(context, context.root(), nodeOf(device));
    } catch (LinuxException e) {
      // The guest was faster.
    }
    mounts.remove(device);
  }

  private static String nodeOf(DeviceType device) {
    return "/dev/" + device.name();
  }
}
