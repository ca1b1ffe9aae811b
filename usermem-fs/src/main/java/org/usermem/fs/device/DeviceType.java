package org.usermem.fs.device;

import org.usermem.fs.attribute.FileType;

/**
 * A driver that brings the numbers of its devices along: what the author of a plug-in with a device
 * provides. The devices appear in /proc/devices, and under {@link #name()} in /dev.
 */
public interface DeviceType extends DeviceDriver {

  /** Returns the name, as in /proc/devices; the first device has it in /dev. */
  String name();

  /** Returns {@link FileType#CHARACTER_DEVICE} or {@link FileType#BLOCK_DEVICE}. */
  default FileType type() {
    return FileType.CHARACTER_DEVICE;
  }

  /**
   * Returns the major number. Of Linux's list of devices, 60 to 63, 120 to 127 and 240 to 254 are
   * for local use.
   */
  int major();

  /** Returns the first minor number. */
  default int firstMinor() {
    return 0;
  }

  /** Returns how many consecutive minor numbers there are, at least one. */
  default int minorCount() {
    return 1;
  }
}
