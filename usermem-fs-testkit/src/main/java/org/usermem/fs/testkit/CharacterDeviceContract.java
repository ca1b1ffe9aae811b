package org.usermem.fs.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.usermem.fs.testkit.MountedFileSystem.assertErrno;

import java.util.function.ToLongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.IoctlRequest;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.attribute.DeviceNumber;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.device.DeviceType;
import org.usermem.fs.event.Readiness;
import org.usermem.fs.event.Waiter;
import org.usermem.fs.tmpfs.TmpfsFileSystem;
import org.usermem.fs.tmpfs.TmpfsOptions;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/**
 * What every character device does. A test class of a device extends this.
 *
 * <p>What a device gives and takes is its own business: the tests look at how it treats a program's
 * memory, its access modes, its numbers and what it does not know. A device that has nothing to
 * read, or takes nothing, skips those that are about it.
 */
public abstract class CharacterDeviceContract {

  private static final String NODE = "/device";
  private static final int TRANSFER = 512;

  /** A command that no driver has. */
  private static final int UNKNOWN_COMMAND = 0x7fff_fffe;

  private DeviceType device;

  /** A tmpfs with a node of the device in it; a new one for each test. */
  protected MountedFileSystem mounted;

  /** Creates the tests. */
  @SuppressWarnings("NullAway.Init") // mount() does it
  protected CharacterDeviceContract() {}

  /** Makes the device. */
  protected abstract DeviceType create();

  /** Registers a new device and makes a node of its first number. */
  @BeforeEach
  public final void mount() throws Exception {
    device = create();
    mounted = new MountedFileSystem(context -> new TmpfsFileSystem(context, TmpfsOptions.DEFAULT));
    mounted
        .vfs()
        .devices()
        .register(
            device.type(),
            device.major(),
            device.firstMinor(),
            device.minorCount(),
            device.name(),
            device);
    makeNode(NODE, device.firstMinor());
  }

  /** Checks that the device has given everything back. */
  @AfterEach
  public final void unmount() {
    mounted.close();
  }

  private void makeNode(String path, int minor) {
    mounted
        .vfs()
        .makeNode(
            mounted.context(),
            mounted.root(),
            path,
            FileType.CHARACTER_DEVICE,
            0666,
            DeviceNumber.of(device.major(), minor));
  }

  /** Opens the first device. */
  protected final FileDescription open(int flags) {
    return mounted.open(NODE, flags);
  }

  /** Runs a transfer; the test is skipped if the device does not do it, or has nothing to move. */
  private static long assumeMoves(
      FileDescription file, ToLongFunction<FileDescription> transfer, String what) {
    long moved;
    try {
      moved = transfer.applyAsLong(file);
    } catch (LinuxException e) {
      file.decRef();
      return Assumptions.abort(what + ": " + e.errno());
    }
    if (moved == 0) {
      file.decRef();
      Assumptions.abort(what + ": nothing moved");
    }
    return moved;
  }

  private FileDescription openReadable() {
    FileDescription file = open(OpenFlags.READ_ONLY | OpenFlags.NON_BLOCKING);
    long moved = assumeMoves(file, f -> f.read(Sink.of(new byte[TRANSFER])), "reading");
    assertTrue(moved <= TRANSFER, () -> moved + " bytes");
    return file;
  }

  private static Source source() {
    return MountedFileSystem.source("x".repeat(TRANSFER));
  }

  private FileDescription openWritable() {
    FileDescription file = open(OpenFlags.WRITE_ONLY | OpenFlags.NON_BLOCKING);
    long moved = assumeMoves(file, f -> f.write(source()), "writing");
    assertTrue(moved <= TRANSFER, () -> moved + " bytes");
    return file;
  }

  /** What it says of itself can be shown in /proc/devices and made a node of in /dev. */
  @Test
  public void nameAndNumbersAreUsable() {
    assertEquals(FileType.CHARACTER_DEVICE, device.type());
    assertFalse(device.name().isEmpty());
    assertTrue(device.name().chars().allMatch(c -> c > ' ' && c < 0x7f && c != '/'));
    assertTrue(device.major() > 0 && device.major() < 4096);
    assertTrue(device.minorCount() > 0);
    assertTrue(device.firstMinor() >= 0 && device.firstMinor() + device.minorCount() <= 1 << 20);
  }

  /** Each of its numbers opens, or says why not; one that is not its own is no device. */
  @Test
  public void opensByItsNumbersOnly() {
    int last = device.firstMinor() + device.minorCount() - 1;
    makeNode("/last", last);
    try {
      mounted.open("/last", OpenFlags.READ_ONLY).decRef();
    } catch (LinuxException e) {
      assertTrue(e.errno() != Errno.EIO, () -> "errno " + e.errno());
    }
    makeNode("/beyond", last + 1);
    assertErrno(Errno.ENXIO, () -> mounted.open("/beyond", OpenFlags.READ_ONLY));
  }

  /** stat(2) shows the device, closed and open. */
  @Test
  public void attributesShowTheDevice() {
    long number = DeviceNumber.of(device.major(), device.firstMinor());
    assertEquals(number, mounted.stat(NODE).specialDevice());
    FileDescription file = open(OpenFlags.READ_ONLY | OpenFlags.NON_BLOCKING);
    assertEquals(FileType.CHARACTER_DEVICE, file.attributes().type());
    assertEquals(number, file.attributes().specialDevice());
    file.decRef();
  }

  /** A buffer that is bad from its first byte takes nothing, and the device goes on. */
  @Test
  public void readIntoBadMemoryMovesNothing() {
    FileDescription file = openReadable();
    assertErrno(Errno.EFAULT, () -> file.read(new FaultingSink(TRANSFER, 0)));
    file.decRef();
    openReadable().decRef();
  }

  /** A buffer that is bad from some byte on takes what lies before it. */
  @Test
  public void readIntoMemoryThatEndsIsShort() {
    FileDescription file = openReadable();
    for (int faultAt : new int[] {1, 2, 3, 5, 8, 100}) {
      long moved = file.read(new FaultingSink(TRANSFER, faultAt));
      assertTrue(moved > 0 && moved <= faultAt, () -> moved + " bytes of " + faultAt);
    }
    file.decRef();
  }

  /** A buffer that is bad from its first byte gives nothing. */
  @Test
  public void writeFromBadMemoryMovesNothing() {
    FileDescription file = openWritable();
    assertErrno(Errno.EFAULT, () -> file.write(new FaultingSource("x".repeat(TRANSFER), 0)));
    file.decRef();
  }

  /** A buffer that is bad from some byte on gives what lies before it. */
  @Test
  public void writeFromMemoryThatEndsIsShort() {
    FileDescription file = openWritable();
    for (int faultAt : new int[] {1, 2, 3, 5, 8, 100}) {
      long moved = file.write(new FaultingSource("x".repeat(TRANSFER), faultAt));
      assertTrue(moved > 0 && moved <= faultAt, () -> moved + " bytes of " + faultAt);
    }
    file.decRef();
  }

  /** An empty buffer moves nothing, and is no error of the device. */
  @Test
  public void emptyTransfersMoveNothing() {
    FileDescription readable = openReadable();
    assertEquals(0, readable.read(Sink.of(new byte[0])));
    readable.decRef();
  }

  /** The access mode holds. */
  @Test
  public void accessModeHolds() {
    FileDescription readable = open(OpenFlags.READ_ONLY | OpenFlags.NON_BLOCKING);
    assertErrno(Errno.EBADF, () -> readable.write(source()));
    readable.decRef();
    FileDescription writable = open(OpenFlags.WRITE_ONLY | OpenFlags.NON_BLOCKING);
    assertErrno(Errno.EBADF, () -> writable.read(Sink.of(new byte[1])));
    writable.decRef();
  }

  /** A device is neither a directory nor cut. */
  @Test
  public void kindsAreNotMixedUp() {
    assertErrno(Errno.ENOTDIR, () -> open(OpenFlags.DIRECTORY));
    FileDescription file = open(OpenFlags.READ_WRITE | OpenFlags.NON_BLOCKING);
    assertErrno(Errno.ENOTDIR, () -> file.list((name, type, inode, next) -> true));
    assertErrno(Errno.EINVAL, () -> file.truncate(0, TransferOptions.DEFAULT));
    file.decRef();
  }

  /** A command that it does not know is ENOTTY, and no memory is touched for it. */
  @Test
  public void unknownCommandIsRefused() {
    FileDescription file = open(OpenFlags.READ_WRITE | OpenFlags.NON_BLOCKING);
    assertErrno(Errno.ENOTTY, () -> file.ioctl(new UnknownCommand()));
    file.decRef();
  }

  private record UnknownCommand() implements IoctlRequest {
    @Override
    public int command() {
      return UNKNOWN_COMMAND;
    }

    @Override
    public long argument() {
      return 0;
    }

    @Override
    public Source input(long byteCount) {
      return new FaultingSource("x".repeat(Math.toIntExact(byteCount)), 0);
    }

    @Override
    public Sink output(long byteCount) {
      return new FaultingSink(Math.toIntExact(byteCount), 0);
    }
  }

  /** poll(2) gets what it asked for, and those who wait can leave. */
  @Test
  public void readinessIsWhatWasAskedFor() {
    FileDescription file = open(OpenFlags.READ_WRITE | OpenFlags.NON_BLOCKING);
    for (int interest : new int[] {0, Readiness.IN, Readiness.OUT, Readiness.ALL}) {
      assertEquals(0, file.readiness(interest) & ~(interest | Readiness.ALWAYS));
    }
    Waiter waiter = Waiter.of(Readiness.ALL, () -> {});
    file.register(waiter);
    file.unregister(waiter);
    file.decRef();
  }

  /** Many tasks may use it at once; what goes wrong is an errno. */
  @Test
  public void manyThreadsUseItAtOnce() throws Exception {
    FileDescription shared = open(OpenFlags.READ_WRITE | OpenFlags.NON_BLOCKING);
    Race.run(
        4,
        thread -> {
          for (int i = 0; i < 100; i++) {
            FileDescription own = open(OpenFlags.READ_WRITE | OpenFlags.NON_BLOCKING);
            transfer(thread % 2 == 0 ? own : shared);
            own.decRef();
          }
        });
    shared.decRef();
  }

  private static void transfer(FileDescription file) {
    try {
      assertTrue(file.read(Sink.of(new byte[TRANSFER])) <= TRANSFER);
    } catch (LinuxException e) {
      assertTrue(e.errno() != Errno.EIO, () -> "errno " + e.errno());
    }
    try {
      assertTrue(file.write(source()) <= TRANSFER);
    } catch (LinuxException e) {
      assertTrue(e.errno() != Errno.EIO, () -> "errno " + e.errno());
    }
  }
}
