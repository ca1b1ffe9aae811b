package org.usermem.examples.dice;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.usermem.errno.Errno;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.device.DeviceType;
import org.usermem.fs.testkit.CharacterDeviceContract;
import org.usermem.fs.testkit.MountedFileSystem;
import org.usermem.sequence.Sink;

/** A die does what every character device does. */
class DiceContractTest extends CharacterDeviceContract {

  @Override
  protected DeviceType create() {
    return new Dice();
  }

  @Test
  void eachLineIsAThrow() {
    FileDescription die = open(OpenFlags.READ_ONLY);
    byte[] bytes = new byte[20];
    int count = (int) die.read(Sink.of(bytes));
    String thrown = new String(bytes, 0, count, StandardCharsets.US_ASCII);
    assertTrue(thrown.matches("([1-6]\n){10}"), thrown);
    die.decRef();
  }

  @Test
  void aDieIsNotWrittenTo() {
    FileDescription die = open(OpenFlags.READ_WRITE);
    MountedFileSystem.assertErrno(
        Errno.EINVAL, () -> die.write(MountedFileSystem.source("6")));
    die.decRef();
  }
}
