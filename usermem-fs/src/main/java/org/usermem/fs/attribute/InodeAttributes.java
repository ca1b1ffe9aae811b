package org.usermem.fs.attribute;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.LongSupplier;

/**
 * The attributes that every inode has, kept in memory: for file systems without storage of their
 * own, as tmpfs, procfs or a test.
 *
 * <p>Thread safety: all methods may be called by any thread.
 */
public final class InodeAttributes implements BasicAttributes {

  private static final VarHandle MODIFICATION_TIME;
  private static final VarHandle CHANGE_TIME;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      MODIFICATION_TIME =
          lookup.findVarHandle(InodeAttributes.class, "modificationTime", long.class);
      CHANGE_TIME = lookup.findVarHandle(InodeAttributes.class, "changeTime", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile int mode;
  private volatile int userId;
  private volatile int groupId;
  private volatile int linkCount;
  private volatile long accessTime;
  private volatile long modificationTime;
  private volatile long changeTime;
  private final long birthTime;

  /**
   * Creates attributes.
   *
   * @param mode type and permissions
   * @param userId the owner
   * @param groupId the group
   * @param linkCount the number of hard links
   * @param now all times, in nanoseconds since the epoch
   */
  public InodeAttributes(int mode, int userId, int groupId, int linkCount, long now) {
    this.mode = mode;
    this.userId = userId;
    this.groupId = groupId;
    this.linkCount = linkCount;
    this.accessTime = now;
    this.modificationTime = now;
    this.changeTime = now;
    this.birthTime = now;
  }

  /** Creates attributes that start as others are now. */
  public InodeAttributes(FileAttributes from) {
    this.mode = from.mode();
    this.userId = from.userId();
    this.groupId = from.groupId();
    this.linkCount = from.linkCount();
    this.accessTime = from.accessTime();
    this.modificationTime = from.modificationTime();
    this.changeTime = from.changeTime();
    this.birthTime = from.birthTime();
  }

  @Override
  public int mode() {
    return mode;
  }

  @Override
  public int userId() {
    return userId;
  }

  @Override
  public int groupId() {
    return groupId;
  }

  @Override
  public int linkCount() {
    return linkCount;
  }

  /** Returns when the bytes last changed. */
  public long modificationTime() {
    return modificationTime;
  }

  /**
   * Changes the number of hard links, which changes the inode.
   *
   * @param by what is added, may be negative
   * @param now the time of the change
   */
  public synchronized void addLinks(int by, long now) {
    linkCount = linkCount + by;
    changeTime = now;
  }

  /** Returns when the inode last changed. */
  public long changeTime() {
    return changeTime;
  }

  /** Notes that the inode changed, but not its bytes. */
  public void changed(long now) {
    changeTime = now;
  }

  /** Notes that the bytes changed. */
  public void modified(long now) {
    // Every write comes here, and nothing that it does depends on being seen before what follows.
    MODIFICATION_TIME.setRelease(this, now);
    CHANGE_TIME.setRelease(this, now);
  }

  /**
   * Notes that the bytes were read, by the rule of relatime: the access time moves only if it is
   * not after the last change.
   *
   * @param clock asked only if the time may move
   */
  public void accessed(LongSupplier clock) {
    if (accessTime > modificationTime && accessTime > changeTime) {
      return;
    }
    accessTime = clock.getAsLong();
  }

  /** Makes a change, but for the size. */
  public synchronized void apply(AttributeChange change) {
    if (change.changes(AttributeChange.MODE)) {
      mode = (mode & FileMode.TYPE_MASK) | (change.mode() & FileMode.CHANGEABLE);
    }
    if (change.changes(AttributeChange.USER_ID)) {
      userId = change.userId();
    }
    if (change.changes(AttributeChange.GROUP_ID)) {
      groupId = change.groupId();
    }
    if (change.changes(AttributeChange.ACCESS_TIME)) {
      accessTime = change.accessTime();
    }
    if (change.changes(AttributeChange.MODIFICATION_TIME)) {
      modificationTime = change.modificationTime();
    }
    if (change.changes(AttributeChange.CHANGE_TIME)) {
      changeTime = change.changeTime();
    }
  }

  /**
   * Returns all attributes at one moment.
   *
   * @param device the number of the device that holds the file
   * @param inode the inode number
   * @param specialDevice the device that the file stands for, or 0
   * @param byteSize the size in bytes
   * @param blockCount the space taken, in units of 512 bytes
   */
  public synchronized FileAttributes snapshot(
      long device, long inode, long specialDevice, long byteSize, long blockCount) {
    return new FileAttributes(
        device,
        inode,
        mode,
        linkCount,
        userId,
        groupId,
        specialDevice,
        byteSize,
        blockCount,
        4096,
        accessTime,
        modificationTime,
        changeTime,
        birthTime,
        0);
  }
}
