package org.usermem.examples.dice;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.IoctlRequest;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.TransferOptions;
import org.usermem.sequence.Sink;

/** An open die. */
final class Thrown extends FileDescription {

  static final int MAX_SIDES = 255;
  static final int USUAL_SIDES = 6;

  /** How many bytes of throws one read gives at most. */
  private static final int MOST_BYTES = 4096;

  /** {@code _IOR('d', 0, int)}: how many sides it has. */
  private static final int GET_SIDES = 0x8004_6400;

  /** {@code _IOW('d', 1, int)}: take another die. */
  private static final int SET_SIDES = 0x4004_6401;

  private volatile int sides;

  Thrown(OpenRequest request, int sides) {
    super(request);
    this.sides = sides;
  }

  /**
   * As many throws as fit, a line each; the program's memory is only ever this sink. They go there
   * in one copy: of several, one could fail after others have moved something.
   */
  @Override
  protected long onRead(Sink dst, TransferOptions options) {
    long room = Math.min(dst.numBytes(), MOST_BYTES);
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (byte[] line = line(); lines.size() + line.length <= room; line = line()) {
      lines.writeBytes(line);
    }
    return lines.size() == 0 ? 0 : dst.copyOut(lines.toByteArray());
  }

  private byte[] line() {
    int thrown = ThreadLocalRandom.current().nextInt(sides) + 1;
    return (thrown + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public long ioctl(IoctlRequest request) {
    MemorySegment number = MemorySegment.ofArray(new byte[Integer.BYTES]);
    switch (request.command()) {
      case GET_SIDES -> {
        number.set(ValueLayout.JAVA_INT_UNALIGNED, 0, sides);
        request.output(Integer.BYTES).copyOutFully(number);
      }
      case SET_SIDES -> {
        request.input(Integer.BYTES).copyInFully(number);
        int wanted = number.get(ValueLayout.JAVA_INT_UNALIGNED, 0);
        if (wanted < 1 || wanted > MAX_SIDES) {
          throw LinuxException.of(Errno.EINVAL);
        }
        sides = wanted;
      }
      default -> throw LinuxException.of(Errno.ENOTTY);
    }
    return 0;
  }
}
