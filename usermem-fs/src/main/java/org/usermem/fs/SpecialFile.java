package org.usermem.fs;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

/**
 * A FIFO, a socket or a device node. The file system only keeps it; opening one is the business of
 * the VFS, which knows pipes and the drivers of devices.
 */
public abstract class SpecialFile extends Inode {

  private final long specialDevice;
  private final AtomicReference<@Nullable Object> endpoint = new AtomicReference<>();

  /**
   * Creates a special file.
   *
   * @param fileSystem the file system that it belongs to
   * @param number its inode number, unique in the file system
   * @param specialDevice the number of the device that it stands for; 0 if it is none
   */
  protected SpecialFile(FileSystem fileSystem, long number, long specialDevice) {
    super(fileSystem, number);
    this.specialDevice = specialDevice;
  }

  /** Returns the number of the device that this stands for; 0 if it is none. */
  public final long specialDevice() {
    return specialDevice;
  }

  /**
   * Returns what is behind this node, such as the buffer of a FIFO, making it at the first call.
   *
   * @param type what is expected
   * @param maker makes it; may be called in vain when two threads are first
   * @throws LinuxException ENXIO if something else is there
   */
  public final <T> T endpoint(Class<T> type, Supplier<? extends T> maker) {
    Object existing = endpoint.get();
    if (existing == null) {
      T made = maker.get();
      existing = endpoint.compareAndSet(null, made) ? made : endpoint.get();
    }
    if (!type.isInstance(existing)) {
      throw LinuxException.of(Errno.ENXIO);
    }
    return type.cast(existing);
  }

  /** Forgets what is behind this node if it is still the given object. */
  public final void dropEndpoint(Object present) {
    endpoint.compareAndSet(present, null);
  }

  /** Fails: the VFS opens these itself where they can be opened. */
  @Override
  public FileDescription open(OpenRequest request) {
    throw LinuxException.of(Errno.ENXIO);
  }
}
