package org.usermem.examples.dice;

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

  /** {@code _IOR('d', 0, int)}: how many sides it has. */
  private static final int GET_SIDES = 0x8004_6400;

  /** {@code _IOW('d', 1, int)}: take another die. */
  private static final int SET_SIDES = 0x4004_6401;

  private volatile int sides;

  Thrown(OpenRequest request, int sides) {
    super(request);
    this.sides = sides;
  }

  /** As many throws as fit, a line each; the program's memory is only ever this sink. */
  @Override
  protected long onRead(Sink dst, TransferOptions options) {
    long total = 0;
    Sink rest = dst;
    while (!rest.isEmpty()) {
      byte[] line = line();
      if (rest.numBytes() < line.length) {
        break;
      }
      int moved = rest.copyOut(line);
      total += moved;
      if (moved < line.length) {
        break;
      }
      rest = rest.dropFirst(moved);
      if (total >= 4096) {
        break;
      }
    }
    return total;
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
