package org.usermem.linux.tty;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.Directory;
import org.usermem.fs.DirectoryVisitor;
import org.usermem.fs.FileDescription;
import org.usermem.fs.FileSystem;
import org.usermem.fs.FileSystemContext;
import org.usermem.fs.Inode;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.SpecialFile;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.BasicAttributes;
import org.usermem.fs.attribute.DeviceNumber;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.attribute.FileSystemAttributes;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.device.DeviceRegistry;
import org.usermem.kernel.Task;

/**
 * Pseudoterminals and the file system of /dev/pts, in which each has a name as long as its master
 * is open (fs/devpts/inode.c). One of them may be the console. Thread-safe.
 */
public final class PseudoTerminals extends FileSystem {
  /** The device number of ptmx. */
  static final long MULTIPLEXER = DeviceNumber.of(5, 2);

  /** The device number of /dev/console. */
  static final long CONSOLE = DeviceNumber.of(5, 1);

  private static final int TTY_MAJOR = 5;
  private static final int SLAVE_MAJOR = 136;
  private static final int MAXIMUM = 4096;
  private static final long DEVPTS_MAGIC = 0x1cd1;
  private static final long ROOT_NUMBER = 1;
  private static final long MULTIPLEXER_NUMBER = 2;
  private static final long FIRST_SLAVE_NUMBER = 3;

  /** A terminal and its node. */
  private record Entry(Terminal terminal, Node node) {}

  private final ConcurrentSkipListMap<Integer, Entry> entries = new ConcurrentSkipListMap<>();
  private final Node multiplexer;
  private final Root root;
  private volatile @Nullable Terminal console;

  /** Makes the file system, without terminals. */
  public PseudoTerminals(FileSystemContext context) {
    super(context, "devpts");
    this.multiplexer = new Node(this, MULTIPLEXER_NUMBER, MULTIPLEXER, 0666, 0, 0);
    this.root = new Root(this);
  }

  /** Registers what opens the nodes, /dev/tty and /dev/console. */
  public void register(DeviceRegistry devices) {
    devices.register(
        FileType.CHARACTER_DEVICE,
        TTY_MAJOR,
        0,
        1,
        "/dev/tty",
        (device, request) -> openControlling(request));
    devices.register(
        FileType.CHARACTER_DEVICE,
        TTY_MAJOR,
        1,
        1,
        "/dev/console",
        (device, request) -> openConsole(request));
    devices.register(
        FileType.CHARACTER_DEVICE,
        TTY_MAJOR,
        2,
        1,
        "ptmx",
        (device, request) -> openMaster(request));
    devices.register(
        FileType.CHARACTER_DEVICE,
        SLAVE_MAJOR,
        0,
        MAXIMUM,
        "pts",
        (device, request) -> openSlave(DeviceNumber.minor(device), request));
  }

  private static FileDescription openControlling(OpenRequest request) {
    Task task = Task.current();
    if (task == null) {
      throw LinuxException.of(Errno.ENXIO);
    }
    return new SlaveDescription(TerminalFiles.controlling(task), request);
  }

  /** Puts a terminal behind /dev/console, which can't be opened (ENODEV) as long as none is. */
  public void setConsole(Terminal terminal) {
    console = terminal;
  }

  private FileDescription openConsole(OpenRequest request) {
    Terminal terminal = console;
    if (terminal == null) {
      throw LinuxException.of(Errno.ENODEV);
    }
    return new SlaveDescription(terminal, request);
  }

  private FileDescription openMaster(OpenRequest request) {
    Terminal terminal =
        create(request.credentials().userId(), request.credentials().groupId(), true);
    return new MasterDescription(this, terminal, request);
  }

  /**
   * Makes a terminal with the lowest free number.
   *
   * @param locked whether programs can't open it before TIOCSPTLCK
   */
  public synchronized Terminal create(int userId, int groupId, boolean locked) {
    int number = 0;
    while (entries.containsKey(number)) {
      number++;
    }
    if (number >= MAXIMUM) {
      throw LinuxException.of(Errno.ENOSPC);
    }
    Terminal terminal = new Terminal(number);
    terminal.setSlaveLocked(locked);
    long device = DeviceNumber.of(SLAVE_MAJOR, number);
    Node node = new Node(this, FIRST_SLAVE_NUMBER + number, device, 0620, userId, groupId);
    entries.put(number, new Entry(terminal, node));
    return terminal;
  }

  void remove(Terminal terminal) {
    entries.computeIfPresent(
        terminal.number(), (number, entry) -> entry.terminal() == terminal ? null : entry);
  }

  private FileDescription openSlave(int number, OpenRequest request) {
    Entry entry = entries.get(number);
    if (entry == null) {
      throw LinuxException.of(Errno.EIO);
    }
    return new SlaveDescription(entry.terminal(), request);
  }

  @Override
  public Directory root() {
    return root;
  }

  @Override
  public FileSystemAttributes attributes() {
    return FileSystemAttributes.withoutStorage(DEVPTS_MAGIC);
  }

  @Override
  public boolean changesByItself() {
    return true;
  }

  @Override
  public String options() {
    return "gid=5,mode=620,ptmxmode=666";
  }

  /** The directory, whose entries come and go with the terminals. */
  private static final class Root extends Directory {
    private final PseudoTerminals terminals;
    private final long createdAt;

    Root(PseudoTerminals terminals) {
      super(terminals, ROOT_NUMBER);
      this.terminals = terminals;
      this.createdAt = terminals.context().clock().nanos();
    }

    @Override
    public @Nullable Inode lookup(String name) {
      if (name.equals("ptmx")) {
        return terminals.multiplexer;
      }
      if (name.isEmpty() || name.length() > 4 || !name.chars().allMatch(Root::isDigit)) {
        return null;
      }
      Entry entry = terminals.entries.get(Integer.parseInt(name));
      return entry == null || (name.length() > 1 && name.startsWith("0")) ? null : entry.node();
    }

    private static boolean isDigit(int c) {
      return c >= '0' && c <= '9';
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // a terminal has one node
    public boolean isCurrent(String name, @Nullable Inode cached) {
      return lookup(name) == cached;
    }

    @Override
    public void list(long offset, DirectoryVisitor visitor) {
      if (offset == 0 && !visitor.visit("ptmx", FileType.CHARACTER_DEVICE, MULTIPLEXER_NUMBER, 1)) {
        return;
      }
      int from = (int) Math.max(0, Math.min(offset - 1, MAXIMUM));
      for (Map.Entry<Integer, Entry> each : terminals.entries.tailMap(from).entrySet()) {
        int number = each.getKey();
        boolean goesOn =
            visitor.visit(
                Integer.toString(number),
                FileType.CHARACTER_DEVICE,
                each.getValue().node().number(),
                number + 2L);
        if (!goesOn) {
          return;
        }
      }
    }

    @Override
    public BasicAttributes basicAttributes() {
      return attributes();
    }

    @Override
    public FileAttributes attributes() {
      return new FileAttributes(
          terminals.deviceId(),
          number(),
          FileType.DIRECTORY.modeBits() | 0755,
          2,
          0,
          0,
          0,
          0,
          0,
          1024,
          createdAt,
          createdAt,
          createdAt,
          0,
          0);
    }
  }

  /** A node of the directory. */
  private static final class Node extends SpecialFile {
    private volatile FileAttributes attributes;

    Node(
        PseudoTerminals terminals,
        long number,
        long device,
        int permissions,
        int userId,
        int groupId) {
      super(terminals, number, device);
      long now = terminals.context().clock().nanos();
      this.attributes =
          new FileAttributes(
              terminals.deviceId(),
              number,
              FileType.CHARACTER_DEVICE.modeBits() | permissions,
              1,
              userId,
              groupId,
              device,
              0,
              0,
              1024,
              now,
              now,
              now,
              0,
              0);
    }

    @Override
    public BasicAttributes basicAttributes() {
      return attributes;
    }

    @Override
    public FileAttributes attributes() {
      return attributes;
    }

    @Override
    public synchronized void setAttributes(AttributeChange change) {
      attributes = change.appliedTo(attributes);
    }
  }
}
