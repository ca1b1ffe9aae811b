/** A die as a character device. */
module org.usermem.examples.dice {
  requires static org.jspecify;
  requires org.usermem.fs;

  provides org.usermem.fs.device.DeviceType with
      org.usermem.examples.dice.Dice;
}
