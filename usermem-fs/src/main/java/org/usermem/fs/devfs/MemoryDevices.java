package org.usermem.fs.devfs;

import java.lang.foreign.MemorySegment;
import java.security.SecureRandom;
import org.usermem.block.BlockReader;
import org.usermem.block.BlockSeq;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.IoctlRequest;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.Whence;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.device.DeviceRegistry;
import org.usermem.fs.memfd.SharedMemory;
import org.usermem.memmap.MapOptions;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/**
 * The devices of major number 1: null, zero, full, random and urandom ({@code drivers/char/mem.c}).
 */
public final class MemoryDevices {

  /** The major number. */
  public static final int MAJOR = 1;

  /** The minor number of /dev/null. */
  public static final int NULL = 3;

  /** The minor number of /dev/zero. */
  public static final int ZERO = 5;

  /** The minor number of /dev/full. */
  public static final int FULL = 7;

  /** The minor number of /dev/random. */
  public static final int RANDOM = 8;

  /** The minor number of /dev/urandom. */
  public static final int URANDOM = 9;

  private MemoryDevices() {}

  /**
   * Registers the drivers.
   *
   * @param devices where
   * @param sharedMemory where shared mappings of /dev/zero get their memory
   */
  public static void register(DeviceRegistry devices, SharedMemory sharedMemory) {
    FileType type = FileType.CHARACTER_DEVICE;
    devices.register(type, MAJOR, NULL, 1, "mem", (device, request) -> new Null(request));
    devices.register(
        type, MAJOR, ZERO, 1, "mem", (device, request) -> new Zero(request, sharedMemory));
    devices.register(type, MAJOR, FULL, 1, "mem", (device, request) -> new Full(request));
    devices.register(type, MAJOR, RANDOM, 2, "mem", (device, request) -> new Random(request));
  }

  /** A device that has positions and does not care about them. */
  private abstract static class MemoryDevice extends FileDescription {

    MemoryDevice(OpenRequest request) {
      super(request);
    }

    @Override
    public final boolean hasPositions() {
      return true;
    }

    @Override
    protected final long onReadAt(Sink dst, long offset, TransferOptions options) {
      return onRead(dst, options);
    }

    @Override
    protected final long onWriteAt(Source src, long offset, TransferOptions options) {
      return onWrite(src, options);
    }

    @Override
    public final long seek(long offset, Whence whence) {
      return 0;
    }

    @Override
    protected long onWrite(Source src, TransferOptions options) {
      // Linux does not look at the bytes either, so a bad pointer is no error here.
      return src.numBytes();
    }
  }

  private static final class Null extends MemoryDevice {

    Null(OpenRequest request) {
      super(request);
    }

    @Override
    protected long onRead(Sink dst, TransferOptions options) {
      return 0;
    }
  }

  private static final class Zero extends MemoryDevice {

    private final SharedMemory sharedMemory;

    Zero(OpenRequest request, SharedMemory sharedMemory) {
      super(request);
      this.sharedMemory = sharedMemory;
    }

    @Override
    protected long onRead(Sink dst, TransferOptions options) {
      return dst.zeroOut(dst.numBytes());
    }

    @Override
    public MapOptions configureMap(MapOptions options) {
      if (options.isPrivate()) {
        return options.toBuilder().name(mappedName()).build();
      }
      FileDescription memory =
          sharedMemory.create(options.byteCount(), "/dev/zero (deleted)", credentials());
      try {
        // Offset 0: each mapping has memory of its own.
        return memory.configureMap(options.toBuilder().mappable(null, null, 0).build());
      } finally {
        memory.decRef();
      }
    }
  }

  private static final class Full extends MemoryDevice {

    Full(OpenRequest request) {
      super(request);
    }

    @Override
    protected long onRead(Sink dst, TransferOptions options) {
      return dst.zeroOut(dst.numBytes());
    }

    @Override
    protected long onWrite(Source src, TransferOptions options) {
      throw LinuxException.of(Errno.ENOSPC);
    }
  }

  private static final class Random extends MemoryDevice {

    private static final int CHUNK_BYTE_COUNT = 4096;
    private static final int RNDGETENTCNT = 0x80045200;
    private static final int ENTROPY_BITS = 256;

    // Made when somebody wants it: looking for providers of it takes some milliseconds.
    private final SecureRandom random = new SecureRandom();

    Random(OpenRequest request) {
      super(request);
    }

    @Override
    protected long onRead(Sink dst, TransferOptions options) {
      BlockReader reader = this::fill;
      return dst.isEmpty() ? 0 : dst.copyOutFrom(reader);
    }

    @Override
    public long ioctl(IoctlRequest request) {
      if (request.command() != RNDGETENTCNT) {
        return super.ioctl(request);
      }
      MemorySegment answer = MemorySegment.ofArray(new int[] {ENTROPY_BITS});
      request.output(Integer.BYTES).copyOut(answer, 0, Integer.BYTES);
      return 0;
    }

    private long fill(BlockSeq dst) {
      byte[] chunk = new byte[(int) Math.min(dst.numBytes(), CHUNK_BYTE_COUNT)];
      MemorySegment bytes = MemorySegment.ofArray(chunk);
      BlockSeq rest = dst;
      while (!rest.isEmpty()) {
        random.nextBytes(chunk);
        rest = rest.dropFirst(rest.copyFrom(bytes));
      }
      return dst.numBytes();
    }
  }
}
