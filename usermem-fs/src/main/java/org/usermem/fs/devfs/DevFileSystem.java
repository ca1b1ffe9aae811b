package org.usermem.fs.devfs;

import org.usermem.fs.FileSystemContext;
import org.usermem.fs.NewFile;
import org.usermem.fs.attribute.DeviceNumber;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.tmpfs.TmpfsDirectory;
import org.usermem.fs.tmpfs.TmpfsFileSystem;
import org.usermem.fs.tmpfs.TmpfsOptions;

/** Makes the file system of /dev: one in memory, with the nodes that every Linux has. */
public final class DevFileSystem {

  private static final int TTY_MAJOR = 5;
  private static final NewFile DIRECTORY = new NewFile(0755, 0, 0);
  private static final NewFile LINK = new NewFile(0777, 0, 0);

  private DevFileSystem() {}

  /**
   * Makes the file system. What opens its nodes is registered apart from it, by {@link
   * MemoryDevices} and by whoever has terminals.
   *
   * @param context what the VFS gives to a file system
   */
  public static TmpfsFileSystem create(FileSystemContext context) {
    TmpfsFileSystem fileSystem =
        new TmpfsFileSystem(context, TmpfsOptions.DEFAULT.withRoot(0755, 0, 0), "devtmpfs");
    TmpfsDirectory root = fileSystem.root();
    addNode(root, "null", MemoryDevices.MAJOR, MemoryDevices.NULL);
    addNode(root, "zero", MemoryDevices.MAJOR, MemoryDevices.ZERO);
    addNode(root, "full", MemoryDevices.MAJOR, MemoryDevices.FULL);
    addNode(root, "random", MemoryDevices.MAJOR, MemoryDevices.RANDOM);
    addNode(root, "urandom", MemoryDevices.MAJOR, MemoryDevices.URANDOM);
    addNode(root, "tty", TTY_MAJOR, 0);
    root.createSpecial(
        "console",
        FileType.CHARACTER_DEVICE,
        DeviceNumber.of(TTY_MAJOR, 1),
        new NewFile(0600, 0, 0));
    root.createDirectory("pts", DIRECTORY);
    root.createDirectory("shm", new NewFile(01777, 0, 0));
    root.createSymbolicLink("ptmx", "pts/ptmx", LINK);
    root.createSymbolicLink("fd", "/proc/self/fd", LINK);
    root.createSymbolicLink("stdin", "/proc/self/fd/0", LINK);
    root.createSymbolicLink("stdout", "/proc/self/fd/1", LINK);
    root.createSymbolicLink("stderr", "/proc/self/fd/2", LINK);
    return fileSystem;
  }

  private static void addNode(TmpfsDirectory root, String name, int major, int minor) {
    root.createSpecial(
        name, FileType.CHARACTER_DEVICE, DeviceNumber.of(major, minor), new NewFile(0666, 0, 0));
  }
}
