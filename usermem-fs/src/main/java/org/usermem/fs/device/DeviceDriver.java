package org.usermem.fs.device;

import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenRequest;

/** What opens devices of some numbers. */
@FunctionalInterface
public interface DeviceDriver {

  /**
   * Opens a device.
   *
   * @param device its number, see {@link org.usermem.fs.attribute.DeviceNumber}
   * @param request what was asked for; permitted already
   * @return a description with one reference, which is the caller's
   * @throws org.usermem.errno.LinuxException ENXIO if there is no such device
   */
  FileDescription open(long device, OpenRequest request);
}
