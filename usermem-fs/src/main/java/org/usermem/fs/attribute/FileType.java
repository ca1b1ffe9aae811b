package org.usermem.fs.attribute;

/** The kinds of file, with their codes in {@code st_mode} and in directory entries. */
public enum FileType {
  /** A FIFO, or the inode of a pipe. */
  FIFO(0x1000, 1),

  /** A character device. */
  CHARACTER_DEVICE(0x2000, 2),

  /** A directory. */
  DIRECTORY(0x4000, 4),

  /** A block device. */
  BLOCK_DEVICE(0x6000, 6),

  /** A regular file. */
  REGULAR(0x8000, 8),

  /** A symbolic link. */
  SYMBOLIC_LINK(0xA000, 10),

  /** A socket. */
  SOCKET(0xC000, 12),

  /** Something without a type, such as an eventfd. */
  UNKNOWN(0, 0);

  private static final FileType[] BY_CODE = new FileType[16];

  static {
    for (FileType type : values()) {
      BY_CODE[type.modeBits >>> 12] = type;
    }
    for (int code = 0; code < BY_CODE.length; code++) {
      if (BY_CODE[code] == null) {
        BY_CODE[code] = UNKNOWN;
      }
    }
  }

  private final int modeBits;
  private final int entryCode;

  FileType(int modeBits, int entryCode) {
    this.modeBits = modeBits;
    this.entryCode = entryCode;
  }

  /**
   * Returns the type's bits in {@code st_mode} (S_IFREG and the like).
   *
   * @return a value within 0xF000
   */
  public int modeBits() {
    return modeBits;
  }

  /**
   * Returns the type's code in a directory entry (DT_REG and the like).
   *
   * @return a value from 0 to 12
   */
  public int entryCode() {
    return entryCode;
  }

  /**
   * Returns the type that a mode says.
   *
   * @param mode an {@code st_mode}
   * @return the type; {@link #UNKNOWN} if the bits mean none
   */
  public static FileType ofMode(int mode) {
    return BY_CODE[(mode >>> 12) & 0xF];
  }
}
