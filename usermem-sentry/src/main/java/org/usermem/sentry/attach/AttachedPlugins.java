package org.usermem.sentry.attach;

import java.util.ArrayList;
import java.util.List;
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
import org.usermem.sentry.assembly.Assembly;
import org.usermem.sentry.assembly.AssemblyException;
import org.usermem.sentry.assembly.AssemblyFile;
import org.usermem.sentry.guard.PluginMounts;

/**
 * The plug-ins of a running sentry: their file systems can be mounted by their names, their devices
 * are in /dev, both come and go with the plug-ins. Safe for use by several threads.
 */
public final class AttachedPlugins implements AutoCloseable {

  private static final int DEVICE_PERMISSIONS = 0666;

  private final VirtualFileSystem vfs;
  private final PathContext context;
  private final Consumer<String> messages;
  private final PluginMounts mounts;
  private final List<Runnable> followed = new ArrayList<>();

  /**
   * Attaches an assembly, mounts what it says, and watches its directory of plug-ins.
   *
   * @param assembly the assembly; it stays the caller's
   * @param file what it was made of
   * @param vfs where file systems and devices are made known
   * @param root the guest's root
   * @param messages is told what happens, a line each
   * @throws AssemblyException if something can't be mounted
   */
  public AttachedPlugins(
      Assembly assembly,
      AssemblyFile file,
      VirtualFileSystem vfs,
      Location root,
      Consumer<String> messages) {
    this.vfs = vfs;
    this.context = new PathContext(root, root, Credentials.ROOT, 0);
    this.messages = messages;
    this.mounts = new PluginMounts(vfs, messages);
    try {
      followed.add(assembly.follow(FileSystemType.class, mounts::add, mounts::remove));
      followed.add(assembly.follow(DeviceType.class, this::add, this::remove));
      file.pluginDirectory().ifPresent(assembly::watch);
      file.mounts().forEach(this::mount);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void mount(AssemblyFile.MountEntry entry) {
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

  private void add(DeviceType device) {
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

  private void remove(DeviceType device) {
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

  /** Takes what plug-ins have brought away from the guest; the plug-ins themselves stay. */
  @Override
  public void close() {
    followed.reversed().forEach(Runnable::run);
  }
}
