package org.usermem.fs.device;

import java.util.concurrent.ConcurrentSkipListMap;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.attribute.DeviceNumber;
import org.usermem.fs.attribute.FileType;

/**
 * The drivers of a sentry, by type and number of their devices.
 *
 * <p>Thread safety: all methods may be called by any thread.
 */
@SuppressWarnings("ReferenceEquality") // Drivers are themselves.
public final class DeviceRegistry {

  private record Range(int firstMinor, int minorCount, String name, DeviceDriver driver) {}

  private final ConcurrentSkipListMap<Long, Range> characterDevices = new ConcurrentSkipListMap<>();
  private final ConcurrentSkipListMap<Long, Range> blockDevices = new ConcurrentSkipListMap<>();

  /** Creates a registry without drivers. */
  public DeviceRegistry() {}

  private ConcurrentSkipListMap<Long, Range> ofType(FileType type) {
    return switch (type) {
      case CHARACTER_DEVICE -> characterDevices;
      case BLOCK_DEVICE -> blockDevices;
      default -> throw new IllegalArgumentException(type + " is no type of device");
    };
  }

  // Unsigned order does not matter: ranges are looked up within one major number.
  private static long key(int major, int minor) {
    return ((long) major << 32) | (minor & 0xFFFF_FFFFL);
  }

  /**
   * Registers a driver for devices with consecutive minor numbers.
   *
   * @param type character or block device
   * @param major the major number
   * @param firstMinor the first minor number
   * @param minorCount how many, positive
   * @param name the name in /proc/devices
   * @param driver what opens them
   * @throws IllegalStateException if the first number is taken
   */
  public void register(
      FileType type, int major, int firstMinor, int minorCount, String name, DeviceDriver driver) {
    Range range = new Range(firstMinor, minorCount, name, driver);
    if (ofType(type).putIfAbsent(key(major, firstMinor), range) != null) {
      throw new IllegalStateException(
          type + " " + major + ":" + firstMinor + " has a driver already");
    }
  }

  /**
   * Takes a driver away. What it has opened stays open.
   *
   * @param type character or block device
   * @param major the major number
   * @param firstMinor the first minor number
   * @param driver the driver that was registered for it
   */
  public void unregister(FileType type, int major, int firstMinor, DeviceDriver driver) {
    ofType(type)
        .computeIfPresent(
            key(major, firstMinor), (key, range) -> range.driver() == driver ? null : range);
  }

  /**
   * Opens a device.
   *
   * @param type character or block device
   * @param device its number
   * @param request what was asked for; permitted already
   * @return a description with one reference, which is the caller's
   * @throws LinuxException ENXIO if there is no driver for the number
   */
  public FileDescription open(FileType type, long device, OpenRequest request) {
    int major = DeviceNumber.major(device);
    int minor = DeviceNumber.minor(device);
    var entry = ofType(type).floorEntry(key(major, minor));
    if (entry == null
        || (int) (entry.getKey() >>> 32) != major
        || minor - entry.getValue().firstMinor() >= entry.getValue().minorCount()) {
      throw LinuxException.of(Errno.ENXIO);
    }
    return entry.getValue().driver().open(device, request);
  }
}
