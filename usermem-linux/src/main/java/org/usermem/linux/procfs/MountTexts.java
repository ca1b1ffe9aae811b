package org.usermem.linux.procfs;

import org.jspecify.annotations.Nullable;
import org.usermem.fs.Location;
import org.usermem.fs.Mount;
import org.usermem.fs.attribute.DeviceNumber;
import org.usermem.kernel.Task;
import org.usermem.linux.namespace.MountTree;

/** /proc/PID/mounts and mountinfo; fs/proc_namespace.c. */
final class MountTexts {
  private MountTexts() {}

  static String mounts(Task task) {
    StringBuilder text = new StringBuilder();
    for (Mount mount : MountTree.of(task).mounts()) {
      String path = path(mount, task);
      if (path != null) {
        text.append(escape(mount.source())).append(' ').append(escape(path)).append(' ');
        text.append(mount.fileSystem().typeName()).append(' ').append(options(mount));
        append(text, mount.fileSystem().options());
        text.append(" 0 0\n");
      }
    }
    return text.toString();
  }

  static String mountInfo(Task task) {
    StringBuilder text = new StringBuilder();
    for (Mount mount : MountTree.of(task).mounts()) {
      String path = path(mount, task);
      if (path == null) {
        continue;
      }
      Location above = mount.mountPoint();
      long device = mount.fileSystem().deviceId();
      text.append(mount.id()).append(' ').append(above == null ? 1 : above.mount().id());
      text.append(' ').append(DeviceNumber.major(device)).append(':');
      text.append(DeviceNumber.minor(device)).append(" / ").append(escape(path)).append(' ');
      text.append(options(mount)).append(" - ").append(mount.fileSystem().typeName());
      text.append(' ').append(escape(mount.source())).append(' ');
      text.append(mount.fileSystem().isReadOnly() ? "ro" : "rw");
      append(text, mount.fileSystem().options());
      text.append('\n');
    }
    return text.toString();
  }

  private static void append(StringBuilder text, String options) {
    if (!options.isEmpty()) {
      text.append(',').append(options);
    }
  }

  private static @Nullable String path(Mount mount, Task task) {
    return new Location(mount, mount.root()).pathFrom(task.fsContext().root());
  }

  private static String options(Mount mount) {
    StringBuilder text = new StringBuilder(mount.has(Mount.READ_ONLY) ? "ro" : "rw");
    text.append(mount.has(Mount.NO_SET_ID) ? ",nosuid" : "");
    text.append(mount.has(Mount.NO_DEVICES) ? ",nodev" : "");
    text.append(mount.has(Mount.NO_EXECUTE) ? ",noexec" : "");
    text.append(mount.has(Mount.NO_ACCESS_TIME) ? ",noatime" : ",relatime");
    return text.toString();
  }

  private static String escape(String name) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == ' ' || c == '\t' || c == '\n' || c == '\\' || c == '#') {
        text.append(String.format("\\%03o", (int) c));
      } else {
        text.append(c);
      }
    }
    return text.isEmpty() ? "none" : text.toString();
  }
}
