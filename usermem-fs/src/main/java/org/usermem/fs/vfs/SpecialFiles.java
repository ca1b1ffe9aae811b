package org.usermem.fs.vfs;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.SpecialFile;
import org.usermem.fs.device.DeviceRegistry;
import org.usermem.fs.pipe.NamedPipes;

/** Opens FIFOs and devices, whatever file system their nodes are in. */
final class SpecialFiles {

  private final DeviceRegistry devices;
  private final NamedPipes namedPipes;

  SpecialFiles(DeviceRegistry devices, NamedPipes namedPipes) {
    this.devices = devices;
    this.namedPipes = namedPipes;
  }

  FileDescription open(SpecialFile special, OpenRequest request) {
    return switch (special.type()) {
      case FIFO -> namedPipes.open(special, request);
      case CHARACTER_DEVICE, BLOCK_DEVICE ->
          devices.open(special.type(), special.specialDevice(), request);
      default -> throw LinuxException.of(Errno.ENXIO);
    };
  }
}
