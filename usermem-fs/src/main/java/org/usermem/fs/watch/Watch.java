package org.usermem.fs.watch;

/** An observer of one inode. Registered with a {@link WatchList}. */
public abstract class Watch {

  // Atomicity of updates is the business of whoever owns the watch; readers need the latest value.
  private volatile int mask;

  /**
   * Creates a watch.
   *
   * @param mask the events to be told of, bits of {@link WatchEvents}
   */
  protected Watch(int mask) {
    this.mask = mask;
  }

  /**
   * Is told of an event. Must be short and must not call back into the file system.
   *
   * @param events one event bit of {@link WatchEvents}, perhaps with {@link WatchEvents#DIRECTORY}
   * @param cookie what the two halves of a rename have in common; 0 for other events
   * @param name the entry concerned if a directory is watched; empty if the event is about the
   *     watched inode itself
   */
  protected abstract void happened(int events, int cookie, String name);

  /** Is told that the watched inode has gone, after the last event. */
  protected void removed() {}

  /**
   * Returns the events that this watch is told of.
   *
   * @return bits of {@link WatchEvents}
   */
  public final int mask() {
    return mask;
  }

  /**
   * Changes the events that this watch is told of.
   *
   * @param newMask bits of {@link WatchEvents}
   */
  public final void setMask(int newMask) {
    mask = newMask;
  }
}
