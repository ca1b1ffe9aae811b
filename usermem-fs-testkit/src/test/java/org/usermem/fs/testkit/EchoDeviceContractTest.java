package org.usermem.fs.testkit;

import java.nio.charset.StandardCharsets;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.device.DeviceType;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/** A device that gives back what was written to it last. */
class EchoDeviceContractTest extends CharacterDeviceContract {

  private static final int MAJOR = 240;
  private static final int MINORS = 2;

  @Override
  protected DeviceType create() {
    return new DeviceType() {
      @Override
      public String name() {
        return "echo";
      }

      @Override
      public int major() {
        return MAJOR;
      }

      @Override
      public int firstMinor() {
        return 1;
      }

      @Override
      public int minorCount() {
        return MINORS;
      }

      @Override
      public FileDescription open(long device, OpenRequest request) {
        return new Echo(request);
      }
    };
  }

  private static final class Echo extends FileDescription {

    private volatile byte[] said = "nothing yet".getBytes(StandardCharsets.US_ASCII);

    Echo(OpenRequest request) {
      super(request);
    }

    @Override
    protected long onRead(Sink dst, TransferOptions options) {
      return dst.copyOut(said);
    }

    @Override
    protected long onWrite(Source src, TransferOptions options) {
      byte[] bytes = new byte[(int) Math.min(src.numBytes(), 4096)];
      int moved = src.copyIn(bytes);
      said = bytes;
      return moved;
    }
  }
}
