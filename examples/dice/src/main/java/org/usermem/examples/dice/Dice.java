package org.usermem.examples.dice;

import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.attribute.DeviceNumber;
import org.usermem.fs.device.DeviceType;

/** The driver. The minor number is the number of sides; zero is the usual one of six. */
public final class Dice implements DeviceType {

  private static final int MAJOR = 240;

  /** Creates the driver, for the service loader. */
  public Dice() {}

  @Override
  public String name() {
    return "dice";
  }

  @Override
  public int major() {
    return MAJOR;
  }

  @Override
  public int minorCount() {
    return Thrown.MAX_SIDES + 1;
  }

  @Override
  public FileDescription open(long device, OpenRequest request) {
    int sides = DeviceNumber.minor(device);
    return new Thrown(request, sides == 0 ? Thrown.USUAL_SIDES : sides);
  }
}
