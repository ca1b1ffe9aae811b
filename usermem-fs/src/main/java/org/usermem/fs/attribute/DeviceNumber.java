package org.usermem.fs.attribute;

/** Device numbers, held in a {@code long} as the 64-bit {@code dev_t} of glibc and stat(2). */
public final class DeviceNumber {

  private DeviceNumber() {}

  /**
   * Packs a device number.
   *
   * @param major the major number, 32 bits
   * @param minor the minor number, 32 bits
   * @return the packed number
   */
  public static long of(int major, int minor) {
    return ((major & 0xFFFF_F000L) << 32)
        | ((major & 0xFFFL) << 8)
        | ((minor & 0xFFFF_FF00L) << 12)
        | (minor & 0xFFL);
  }

  /**
   * Returns the major number.
   *
   * @param device a packed number
   * @return its major number
   */
  public static int major(long device) {
    return (int) (((device >>> 32) & 0xFFFF_F000L) | ((device >>> 8) & 0xFFFL));
  }

  /**
   * Returns the minor number.
   *
   * @param device a packed number
   * @return its minor number
   */
  public static int minor(long device) {
    return (int) (((device >>> 12) & 0xFFFF_FF00L) | (device & 0xFFL));
  }
}
