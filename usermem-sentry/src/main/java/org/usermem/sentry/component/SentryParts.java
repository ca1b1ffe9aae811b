package org.usermem.sentry.component;

import java.io.PrintStream;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.usermem.fs.FileSystemType;
import org.usermem.fs.Location;
import org.usermem.fs.device.DeviceType;
import org.usermem.fs.vfs.VirtualFileSystem;
import org.usermem.platform.PlatformProvider;
import org.usermem.sentry.assembly.Assembly;
import org.usermem.sentry.assembly.AssemblyFile;
import org.usermem.sentry.attach.AttachedPlugins;
import org.usermem.sentry.run.GuestAttachment;
import org.usermem.sentry.run.GuestStreams;
import org.usermem.sentry.run.RunOptions;
import org.usermem.sentry.run.Sentry;

/**
 * What an assembled sentry is made of, as Declarative Services wire it: one platform, which does
 * not change while there is a guest, and file systems and devices, which come and go. When the
 * platform goes, so does this component, and the guest is killed before that.
 *
 * <p>Safe for use by several threads.
 */
public final class SentryParts {

  private final PlatformProvider platform;
  private final Set<FileSystemType> types =
      Collections.newSetFromMap(new IdentityHashMap<>()); // guarded by this
  private final Set<DeviceType> devices =
      Collections.newSetFromMap(new IdentityHashMap<>()); // guarded by this
  private @Nullable AttachedPlugins attached; // guarded by this
  private @Nullable Sentry sentry; // guarded by this
  private boolean gone; // guarded by this
  private volatile Consumer<String> messages = text -> {};

  /**
   * Makes the component.
   *
   * @param platform what runs guest code
   */
  public SentryParts(PlatformProvider platform) {
    this.platform = platform;
  }

  synchronized void addFileSystem(FileSystemType type) {
    types.add(type);
    if (attached != null) {
      attached.add(type);
    }
  }

  synchronized void removeFileSystem(FileSystemType type) {
    types.remove(type);
    if (attached != null) {
      attached.remove(type);
    }
  }

  synchronized void addDevice(DeviceType device) {
    devices.add(device);
    if (attached != null) {
      attached.add(device);
    }
  }

  synchronized void removeDevice(DeviceType device) {
    devices.remove(device);
    if (attached != null) {
      attached.remove(device);
    }
  }

  /**
   * Puts a sentry together, mounts what the assembly says, and watches its directory of plug-ins.
   * Nothing runs yet.
   *
   * @param options what to run and how
   * @param streams the program's standard streams
   * @param assembly the assembly that this component is of
   * @param file what it was made of
   * @param messages where messages go
   * @return the sentry, to be closed by the caller
   * @throws org.usermem.platform.PlatformException if guest code can't be run here
   * @throws org.usermem.sentry.assembly.AssemblyException if something can't be mounted
   * @throws IllegalArgumentException if what the options say can't be mounted
   */
  public Sentry open(
      RunOptions options,
      GuestStreams streams,
      Assembly assembly,
      AssemblyFile file,
      PrintStream messages) {
    this.messages = text -> messages.println("usermem: " + text);
    GuestAttachment attachment = (vfs, root) -> attach(vfs, root, assembly, file);
    Sentry opened = new Sentry(options, messages, streams, List.of(attachment), platform);
    boolean late;
    synchronized (this) {
      sentry = opened;
      late = gone;
    }
    if (late) {
      end(opened);
    }
    return opened;
  }

  /** Not under the lock where plug-ins are installed and files are mounted: they come back here. */
  private GuestAttachment.Attached attach(
      VirtualFileSystem vfs, Location root, Assembly assembly, AssemblyFile file) {
    AttachedPlugins made = new AttachedPlugins(vfs, root, messages);
    synchronized (this) {
      attached = made;
      types.forEach(made::add);
      devices.forEach(made::add);
    }
    try {
      file.pluginDirectory().ifPresent(assembly::watch);
      file.mounts().forEach(made::mount);
    } catch (RuntimeException e) {
      detach();
      throw e;
    }
    return this::detach;
  }

  private synchronized void detach() {
    AttachedPlugins made = attached;
    if (made != null) {
      types.forEach(made::remove);
      devices.forEach(made::remove);
    }
    attached = null;
    sentry = null;
  }

  /** A guest does not outlive what it runs on: when this returns, no guest code runs. */
  void deactivate() {
    Sentry running;
    synchronized (this) {
      gone = true;
      running = sentry;
    }
    if (running != null) {
      end(running);
    }
  }

  private void end(Sentry running) {
    messages.accept("the platform of the guest has gone: it is killed");
    running.end();
  }
}
