package org.usermem.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mockito.Mockito.mock;
import static org.usermem.fs.fixture.Sandbox.assertErrno;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.invocation.InvocationOnMock;
import org.usermem.block.BlockReader;
import org.usermem.block.BlockSeq;
import org.usermem.block.BlockWriter;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.attribute.DeviceNumber;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.bridge.BridgeFileSystem;
import org.usermem.fs.bridge.BridgeOptions;
import org.usermem.fs.devfs.MemoryDevices;
import org.usermem.fs.eventfd.EventDescription;
import org.usermem.fs.fixture.Sandbox;
import org.usermem.fs.hostfs.HostFileSystem;
import org.usermem.fs.hostfs.HostOptions;
import org.usermem.fs.memfd.SharedMemory;
import org.usermem.fs.overlay.OverlayFileSystem;
import org.usermem.fs.overlay.OverlayOptions;
import org.usermem.fs.pipe.Pipes;
import org.usermem.fs.tmpfs.TmpfsFileSystem;
import org.usermem.fs.tmpfs.TmpfsOptions;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/** Whatever a description is of, it uses a sequence once, and leaves it alone after a fault. */
class SequenceUseTest {

  private static final long WANTED = 100;
  private static final int FIRST_PART = 30;

  @TempDir Path host;
  private Sandbox box;
  private final List<FileDescription> open = new ArrayList<>();

  @BeforeEach
  void setUp() throws IOException {
    Files.writeString(host.resolve("file"), "x".repeat(10_000));
    box = new Sandbox(context -> new TmpfsFileSystem(context, TmpfsOptions.DEFAULT));
    mount("/host", context -> new HostFileSystem(context, HostOptions.shared(host)));
    mount("/bridge", context -> new BridgeFileSystem(context, BridgeOptions.writable(host)));
    mount(
        "/overlay",
        context ->
            new OverlayFileSystem(
                context,
                List.of(new HostFileSystem(context, HostOptions.lower(host))),
                OverlayOptions.DEFAULT));
    MemoryDevices.register(
        box.vfs.devices(), new SharedMemory(box.vfs.anonymousFiles(), box.vfs.newContext()));
  }

  @AfterEach
  void tearDown() {
    open.forEach(FileDescription::decRef);
    Stream.of("/host", "/bridge", "/overlay")
        .forEach(path -> box.vfs.unmount(box.resolve(path, 0), false));
    box.close();
  }

  private void mount(String path, Sandbox.RootMaker maker) {
    box.mkdir(path);
    box.vfs.mount(maker.make(box.vfs.newContext()), path, box.resolve(path, 0), 0);
  }

  /** Descriptions of every kind that can be read now. */
  private List<FileDescription> readable() {
    box.write("/file", "x".repeat(5000));
    box.write("/sparse", "x");
    FileDescription sparse = box.open("/sparse", OpenFlags.READ_WRITE);
    sparse.truncate(5000, TransferOptions.DEFAULT);
    Pipes.Ends pipe = Pipes.create(box.vfs.anonymousFiles(), 0, Credentials.ROOT);
    pipe.writer().write(Source.of(new byte[200]));
    FileDescription counter =
        EventDescription.create(box.vfs.anonymousFiles(), 5, false, 0, Credentials.ROOT);
    List<FileDescription> all =
        List.of(
            box.open("/file", OpenFlags.READ_ONLY),
            sparse,
            box.open("/host/file", OpenFlags.READ_ONLY),
            box.open("/bridge/file", OpenFlags.READ_ONLY),
            box.open("/overlay/file", OpenFlags.READ_ONLY),
            pipe.reader(),
            counter,
            device(MemoryDevices.ZERO),
            device(MemoryDevices.FULL),
            device(MemoryDevices.URANDOM));
    open.addAll(all);
    open.add(pipe.writer());
    return all;
  }

  /** Descriptions of every kind that can be written now. */
  private List<FileDescription> writable() {
    box.write("/file", "x".repeat(5000));
    box.write("/empty", "");
    Pipes.Ends pipe = Pipes.create(box.vfs.anonymousFiles(), 0, Credentials.ROOT);
    List<FileDescription> all =
        List.of(
            box.open("/file", OpenFlags.WRITE_ONLY),
            box.open("/file", OpenFlags.WRITE_ONLY | OpenFlags.APPEND),
            box.open("/empty", OpenFlags.WRITE_ONLY),
            box.open("/host/file", OpenFlags.WRITE_ONLY),
            box.open("/bridge/file", OpenFlags.WRITE_ONLY),
            box.open("/overlay/file", OpenFlags.WRITE_ONLY),
            pipe.writer(),
            EventDescription.create(box.vfs.anonymousFiles(), 5, false, 0, Credentials.ROOT));
    open.addAll(all);
    open.add(pipe.reader());
    return all;
  }

  private FileDescription device(int minor) {
    String path = "/device-" + minor;
    box.vfs.makeNode(
        box.context,
        box.root(),
        path,
        FileType.CHARACTER_DEVICE,
        0666,
        DeviceNumber.of(MemoryDevices.MAJOR, minor));
    return box.open(path, OpenFlags.READ_ONLY);
  }

  /** Counts what is done with a sequence; the memory ends after some bytes. */
  private static final class Uses {
    private final int presentBytes;
    private int transfers;
    private int later;

    Uses(int presentBytes) {
      this.presentBytes = presentBytes;
    }

    Object answer(InvocationOnMock call) {
      String name = call.getMethod().getName();
      if (transfers > 0 && !name.equals("numBytes") && !name.equals("isEmpty")) {
        later++;
      }
      return switch (name) {
        case "numBytes" -> WANTED;
        case "isEmpty" -> false;
        case "takeFirst", "dropFirst" -> call.getMock();
        case "copyOut", "copyIn", "zeroOut" -> {
          long wanted = call.getArgument(call.getArguments().length - 1);
          yield transfer((int) Math.min(wanted, presentBytes));
        }
        // None of the memory is there yet, so this moves nothing.
        case "copyOutWhile" -> 0L;
        case "copyOutFrom" -> {
          BlockReader reader = call.getArgument(0);
          transfer(presentBytes);
          yield reader.readToBlocks(present());
        }
        case "copyInTo" -> {
          BlockWriter writer = call.getArgument(0);
          transfer(presentBytes);
          yield writer.writeFromBlocks(present());
        }
        default -> throw new AssertionError("unexpected " + call);
      };
    }

    private BlockSeq present() {
      return BlockSeq.of(MemorySegment.ofArray(new byte[presentBytes]));
    }

    private long transfer(int byteCount) {
      transfers++;
      if (byteCount == 0) {
        throw LinuxException.of(Errno.EFAULT);
      }
      return byteCount;
    }

    void check(FileDescription file) {
      assertEquals(1, transfers, () -> "transfers by " + file);
      assertEquals(0, later, () -> "uses after the transfer by " + file);
    }
  }

  @Test
  void sinkIsFilledOnceAndLeftAloneAfterAFault() {
    for (FileDescription file : readable()) {
      Uses uses = new Uses(0);
      assertErrno(Errno.EFAULT, () -> file.read(mock(Sink.class, uses::answer)));
      uses.check(file);
      assertEquals(0, file.position());
    }
  }

  @Test
  void sinkThatEndsInAFaultIsNotTriedAgain() {
    for (FileDescription file : readable()) {
      Uses uses = new Uses(FIRST_PART);
      long moved = movedBeforeFault(() -> file.read(mock(Sink.class, uses::answer)));
      uses.check(file);
      assertEquals(file instanceof RegularFileDescription ? moved : 0, file.position());
    }
  }

  @Test
  void sourceIsTakenOnceAndLeftAloneAfterAFault() {
    for (FileDescription file : writable()) {
      Uses uses = new Uses(0);
      assertErrno(Errno.EFAULT, () -> file.write(mock(Source.class, uses::answer)));
      uses.check(file);
      assertEquals(0, file.position());
    }
  }

  @Test
  void sourceThatEndsInAFaultIsNotTriedAgain() {
    for (FileDescription file : writable()) {
      Uses uses = new Uses(FIRST_PART);
      movedBeforeFault(() -> file.write(mock(Source.class, uses::answer)));
      uses.check(file);
    }
  }

  /** Returns what was moved; a pipe moves nothing where it can't move all of a buffer. */
  private static long movedBeforeFault(LongSupplier transfer) {
    try {
      return transfer.getAsLong();
    } catch (LinuxException e) {
      assertEquals(Errno.EFAULT, e.errno());
      return 0;
    }
  }
}
