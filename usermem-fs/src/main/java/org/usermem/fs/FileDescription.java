package org.usermem.fs;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.event.Readiness;
import org.usermem.fs.event.Waiter;
import org.usermem.fs.lock.FileLocks;
import org.usermem.fs.watch.WatchEvents;
import org.usermem.memmap.MapOptions;
import org.usermem.memmap.MappableRange;
import org.usermem.memmap.MappingIdentity;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/**
 * An open file description: what open(2) makes and descriptors refer to (Linux's {@code struct
 * file}).
 *
 * <p>The public methods check what all files have in common (access mode, references, watches) and
 * then ask the {@code on...} methods, which a kind of file overrides. By default a file has no
 * position, can neither be read nor written, and is always ready.
 *
 * <p><b>Waiting.</b> No method waits for a guest. What can't be done now fails with EAGAIN,
 * whatever O_NONBLOCK says; the caller {@linkplain #register registers} a waiter, tries again, and
 * sleeps until it is called.
 *
 * <p><b>References.</b> A description begins with one reference and is released when the last is
 * dropped. Descriptors, mappings and system calls in progress hold one each.
 *
 * <p>Thread safety: all methods may be called by any thread at any time, by holders of a reference.
 */
public abstract class FileDescription implements MappingIdentity {

  private static final VarHandle REFERENCES;
  private static final VarHandle FLAGS;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      REFERENCES = lookup.findVarHandle(FileDescription.class, "references", int.class);
      FLAGS = lookup.findVarHandle(FileDescription.class, "flags", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Location location;
  private final Credentials credentials;
  private volatile int flags;

  @SuppressWarnings("UnusedVariable") // through REFERENCES
  private volatile int references = 1;

  // Who gets signals of O_ASYNC, if anybody was ever named; guarded by this.
  private @Nullable Waiter owner;

  // 1 if it counts among the file's writers, -1 if it forbids writing; guarded by this.
  private int claim;

  /**
   * Creates a description with one reference. It counts as a use of the inode and of the mount.
   *
   * @param request what was asked for
   * @throws LinuxException ENOENT if the inode has been disposed of meanwhile
   */
  protected FileDescription(OpenRequest request) {
    this.location = request.location();
    this.credentials = request.credentials();
    this.flags =
        request.flags()
            & ~(OpenFlags.CREATE
                | OpenFlags.EXCLUSIVE
                | OpenFlags.TRUNCATE
                | OpenFlags.NO_CONTROLLING_TERMINAL
                | OpenFlags.CLOSE_ON_EXEC);
    location.inode().incUses();
    location.incRef();
  }

  /** Takes a reference. Only for somebody who is sure that there is one. */
  @Override
  public final void incRef() {
    if ((int) REFERENCES.getAndAdd(this, 1) <= 0) {
      throw new IllegalStateException("a reference was taken on a released description: " + this);
    }
  }

  /**
   * Takes a reference unless the description has been released.
   *
   * @return whether there is a new reference
   */
  public final boolean tryIncRef() {
    int current;
    do {
      current = (int) REFERENCES.getVolatile(this);
      if (current <= 0) {
        return false;
      }
    } while (!REFERENCES.compareAndSet(this, current, current + 1));
    return true;
  }

  /** Drops a reference, and releases the description if it was the last. */
  @Override
  public final void decRef() {
    int left = (int) REFERENCES.getAndAdd(this, -1) - 1;
    if (left == 0) {
      releaseSlow();
    } else if (left < 0) {
      throw new IllegalStateException("a reference was dropped that was not taken: " + this);
    }
  }

  private void releaseSlow() {
    try {
      FileLocks locks = inode().locksIfAny();
      if (locks != null) {
        locks.releaseDescription(this);
      }
      Waiter signalled = ownerIfAny();
      if (signalled != null) {
        unregister(signalled);
      }
      onRelease();
      if (!isPath()) {
        FileEvents.happened(
            location,
            OpenFlags.writes(flags) ? WatchEvents.CLOSE_WRITE : WatchEvents.CLOSE_NO_WRITE);
      }
    } finally {
      permitWriting();
      inode().decUses();
      location.decRef();
    }
  }

  /**
   * Counts this description among those that write to its regular file, until it is released
   * ({@code get_write_access} of Linux).
   *
   * @throws LinuxException ETXTBSY while the file is executed
   */
  public final void claimWriting() {
    claim(1);
  }

  /**
   * Forbids opening the regular file for writing, until the description is released or {@link
   * #permitWriting} is called ({@code deny_write_access} of Linux).
   *
   * @throws LinuxException ETXTBSY while the file is open for writing
   */
  public final void forbidWriting() {
    claim(-1);
  }

  private synchronized void claim(int direction) {
    if (claim == 0 && inode() instanceof RegularFile file) {
      file.claim(direction);
      claim = direction;
    }
  }

  /** Ends what {@link #forbidWriting} or {@link #claimWriting} began. */
  public final synchronized void permitWriting() {
    if (claim != 0 && inode() instanceof RegularFile file) {
      file.unclaim(claim);
      claim = 0;
    }
  }

  /**
   * Returns whether the file tells its {@linkplain #owner owner} of readiness while O_ASYNC is set
   * ({@code fasync} of Linux's file operations).
   */
  public boolean signalsOwner() {
    return false;
  }

  /**
   * Returns who gets signals of O_ASYNC ({@code struct fown_struct}). The waiter is the caller's;
   * it is taken off the file when the description is released.
   *
   * @param maker makes it for the first caller
   */
  public final synchronized Waiter owner(Supplier<Waiter> maker) {
    Waiter made = owner;
    if (made == null) {
      made = maker.get();
      owner = made;
    }
    return made;
  }

  /** Returns what {@link #owner(Supplier)} has made, if anything. */
  public final synchronized @Nullable Waiter ownerIfAny() {
    return owner;
  }

  /** Gives back what the description holds; called once, when the last reference was dropped. */
  protected void onRelease() {}

  /**
   * Is told that one descriptor of this description was closed, as flush operations of Linux; other
   * references may live on.
   *
   * @throws LinuxException what close(2) is to return; the descriptor is closed all the same
   */
  public void closing() {}

  /** Returns where the file was found. */
  public final Location location() {
    return location;
  }

  /** Returns the file that is open. */
  public final Inode inode() {
    return location.inode();
  }

  /** Returns who opened it. */
  public final Credentials credentials() {
    return credentials;
  }

  /** Returns the flags as fcntl(F_GETFL) gives them, bits of {@link OpenFlags}. */
  public final int flags() {
    return flags;
  }

  /**
   * Changes the status flags, as fcntl(F_SETFL).
   *
   * @param newFlags bits of {@link OpenFlags}; those that can't be changed are ignored
   * @throws LinuxException EINVAL or EPERM if the file does not allow a flag
   */
  public final void setFlags(int newFlags) {
    int wanted = newFlags & OpenFlags.CHANGEABLE;
    if ((wanted & ~flags & OpenFlags.NO_ACCESS_TIME) != 0
        && !credentials.actsAs(inode().userId())) {
      throw LinuxException.of(Errno.EPERM);
    }
    onSetFlags(wanted);
    int old;
    do {
      old = (int) FLAGS.getVolatile(this);
    } while (!FLAGS.compareAndSet(this, old, (old & ~OpenFlags.CHANGEABLE) | wanted));
  }

  /** Is asked whether status flags may be changed to what is given. */
  protected void onSetFlags(int wanted) {}

  /** Returns whether some of the flags are set. */
  public final boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** Returns whether it is open for reading. */
  public final boolean isReadable() {
    return OpenFlags.reads(flags);
  }

  /** Returns whether it is open for writing. */
  public final boolean isWritable() {
    return OpenFlags.writes(flags);
  }

  /** Returns whether it only stands for a place (O_PATH). */
  public final boolean isPath() {
    return (flags & OpenFlags.PATH) != 0;
  }

  /**
   * Returns whether open(2) may return. An open of a FIFO waits for the other side: a caller
   * without O_NONBLOCK waits for {@link Readiness#OPENED} until this is so.
   */
  public boolean isOpenComplete() {
    return true;
  }

  /**
   * Reads at the position and moves it on, as read(2).
   *
   * @param dst where the bytes go
   * @param options flags and limits of the call
   * @return the number of bytes read; 0 at the end, or if {@code dst} is empty
   * @throws LinuxException EBADF if it is not open for reading; EISDIR; EINVAL if it can't be read;
   *     EAGAIN if there is nothing to read yet; EFAULT if nothing was read because of the memory
   */
  public final long read(Sink dst, TransferOptions options) {
    requireReadable();
    long byteCount = onRead(dst, options);
    if (byteCount > 0) {
      FileEvents.happened(location, WatchEvents.ACCESS);
    }
    return byteCount;
  }

  /** Reads with default options; see {@link #read(Sink, TransferOptions)}. */
  public final long read(Sink dst) {
    return read(dst, TransferOptions.DEFAULT);
  }

  /**
   * Reads at an offset and leaves the position alone, as pread(2).
   *
   * @param dst where the bytes go
   * @param offset position of the first byte
   * @param options flags and limits of the call
   * @return the number of bytes read; 0 at the end, or if {@code dst} is empty
   * @throws LinuxException as {@link #read}; ESPIPE if the file has no positions; EINVAL if the
   *     offset is negative
   */
  public final long readAt(Sink dst, long offset, TransferOptions options) {
    if (offset < 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    requirePositions();
    requireReadable();
    long byteCount = onReadAt(dst, offset, options);
    if (byteCount > 0) {
      FileEvents.happened(location, WatchEvents.ACCESS);
    }
    return byteCount;
  }

  /**
   * Writes at the position (at the end with O_APPEND) and moves it on, as write(2).
   *
   * @param src where the bytes come from
   * @param options flags and limits of the call
   * @return the number of bytes written
   * @throws LinuxException EBADF if it is not open for writing; EINVAL if it can't be written;
   *     EAGAIN if there is no room yet; EPIPE if nobody will read; EFBIG at the limit; ENOSPC;
   *     EFAULT if nothing was written because of the memory
   */
  public final long write(Source src, TransferOptions options) {
    requireWritable();
    long byteCount = onWrite(src, options);
    if (byteCount > 0) {
      FileEvents.happened(location, WatchEvents.MODIFY);
    }
    return byteCount;
  }

  /** Writes with default options; see {@link #write(Source, TransferOptions)}. */
  public final long write(Source src) {
    return write(src, TransferOptions.DEFAULT);
  }

  /**
   * Writes at an offset and leaves the position alone, as pwrite(2). With O_APPEND the bytes go to
   * the end whatever the offset, as on Linux.
   *
   * @param src where the bytes come from
   * @param offset position of the first byte
   * @param options flags and limits of the call
   * @return the number of bytes written
   * @throws LinuxException as {@link #write}; ESPIPE if the file has no positions; EINVAL if the
   *     offset is negative
   */
  public final long writeAt(Source src, long offset, TransferOptions options) {
    if (offset < 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    requirePositions();
    requireWritable();
    long byteCount = onWriteAt(src, offset, options);
    if (byteCount > 0) {
      FileEvents.happened(location, WatchEvents.MODIFY);
    }
    return byteCount;
  }

  private void requireReadable() {
    if (!isReadable()) {
      throw LinuxException.of(Errno.EBADF);
    }
  }

  private void requireWritable() {
    if (!isWritable()) {
      throw LinuxException.of(Errno.EBADF);
    }
  }

  private void requirePositions() {
    if (isPath()) {
      throw LinuxException.of(Errno.EBADF);
    }
    if (!hasPositions()) {
      throw LinuxException.of(Errno.ESPIPE);
    }
  }

  /** Does the work of {@link #read(Sink, TransferOptions)}. */
  protected long onRead(Sink dst, TransferOptions options) {
    throw LinuxException.of(Errno.EINVAL);
  }

  /** Does the work of {@link #readAt}; asked only where {@link #hasPositions()}. */
  protected long onReadAt(Sink dst, long offset, TransferOptions options) {
    throw LinuxException.of(Errno.EINVAL);
  }

  /** Does the work of {@link #write(Source, TransferOptions)}. */
  protected long onWrite(Source src, TransferOptions options) {
    throw LinuxException.of(Errno.EINVAL);
  }

  /** Does the work of {@link #writeAt}; asked only where {@link #hasPositions()}. */
  protected long onWriteAt(Source src, long offset, TransferOptions options) {
    throw LinuxException.of(Errno.EINVAL);
  }

  /** Returns whether the positional forms of reading and writing exist here. */
  public boolean hasPositions() {
    return false;
  }

  /**
   * Moves the position, as lseek(2).
   *
   * @param offset an offset, counted from {@code whence}
   * @param whence what it counts from
   * @return the new position
   * @throws LinuxException ESPIPE if there is no position; EINVAL if it would become negative;
   *     ENXIO if no data or no hole follows
   */
  public long seek(long offset, Whence whence) {
    throw LinuxException.of(isPath() ? Errno.EBADF : Errno.ESPIPE);
  }

  /**
   * Lists a directory from the position on and moves it past what the visitor took.
   *
   * @param visitor takes the entries, {@code "."} and {@code ".."} among them
   * @throws LinuxException ENOTDIR if this is none; ENOENT if it was removed
   */
  public void list(DirectoryVisitor visitor) {
    throw LinuxException.of(isPath() ? Errno.EBADF : Errno.ENOTDIR);
  }

  /**
   * Does what ioctl(2) asks of this kind of file. The commands that all files have (FIONBIO,
   * FIOCLEX and the like) are the kernel's.
   *
   * @param request command and argument
   * @return what the call returns
   * @throws LinuxException ENOTTY if the file does not know the command
   */
  public long ioctl(IoctlRequest request) {
    throw LinuxException.of(isPath() ? Errno.EBADF : Errno.ENOTTY);
  }

  /**
   * Returns whether readiness of this file can change, so that epoll accepts it; a regular file is
   * always ready and epoll refuses it with EPERM.
   */
  public boolean canWait() {
    return false;
  }

  /**
   * Returns what can be done without waiting.
   *
   * @param interest bits of {@link Readiness} that matter to the caller
   * @return the bits that hold; those of {@link Readiness#ALWAYS} whether or not they were asked
   *     for
   */
  public int readiness(int interest) {
    return (Readiness.READABLE | Readiness.WRITABLE) & interest;
  }

  /**
   * Has a waiter called when something becomes possible. By default nothing ever changes.
   *
   * @param waiter a waiter on no queue
   */
  public void register(Waiter waiter) {}

  /**
   * Undoes {@link #register}.
   *
   * @param waiter the waiter
   */
  public void unregister(Waiter waiter) {}

  /**
   * Writes the file to storage, as fsync(2).
   *
   * @param dataOnly whether attributes that are not needed to read the data may stay (fdatasync(2))
   * @throws LinuxException EINVAL if the file has no storage; EIO
   */
  public void sync(boolean dataOnly) {
    throw LinuxException.of(isPath() ? Errno.EBADF : Errno.EINVAL);
  }

  /**
   * Allocates or frees space, as fallocate(2).
   *
   * @param mode what to do
   * @param offset start of the range
   * @param byteCount length of the range
   * @param options limits of the call
   * @throws LinuxException EBADF if it is not open for writing; EINVAL for an empty or negative
   *     range; ESPIPE, EISDIR or ENODEV if it is no regular file; EFBIG, ENOSPC, EOPNOTSUPP
   */
  public void allocate(AllocateMode mode, long offset, long byteCount, TransferOptions options) {
    requireWritable();
    throw LinuxException.of(Errno.ENODEV);
  }

  /**
   * Cuts or grows the file, as ftruncate(2).
   *
   * @param byteSize the new size
   * @param options limits of the call
   * @throws LinuxException EINVAL if the size is negative, if this is no regular file or not open
   *     for writing; EFBIG, ENOSPC
   */
  public void truncate(long byteSize, TransferOptions options) {
    throw LinuxException.of(isPath() ? Errno.EBADF : Errno.EINVAL);
  }

  /**
   * Returns the file's attributes, as fstat(2).
   *
   * @throws LinuxException what the storage says
   */
  public FileAttributes attributes() {
    return inode().attributes();
  }

  /**
   * Completes a request to map this file, as the mmap operation of Linux: sets the mappable and the
   * identity, and cuts down the access that mprotect(2) may give later.
   *
   * <p>If there is an identity in the result, it has a reference that belongs to the caller, who
   * drops it after the mapping was made, or was not: the mapping takes one of its own.
   *
   * @param options what mmap(2) asked for; access against the access mode was checked
   * @return the options with which to map; without a mappable if the memory is to be anonymous
   * @throws LinuxException ENODEV if the file can't be mapped; EPERM if a seal forbids it
   */
  public MapOptions configureMap(MapOptions options) {
    throw LinuxException.of(isPath() ? Errno.EBADF : Errno.ENODEV);
  }

  /**
   * Returns lines for /proc/PID/fdinfo beyond position, flags and mount; each ends with a newline.
   *
   * @return text, perhaps empty
   */
  public String details() {
    return "";
  }

  /** Returns the position, for /proc/PID/fdinfo; 0 where there is none. */
  public long position() {
    return 0;
  }

  /**
   * Returns the name that /proc/PID/fd shows.
   *
   * @param root the root of whoever looks
   * @return an absolute path, or something like {@code "pipe:[12]"}; null if it can't be reached
   *     from the root
   */
  public @Nullable String displayName(Location root) {
    Dentry dentry = location.dentry();
    return dentry.parent() == null && !dentry.name().isEmpty()
        ? dentry.name()
        : location.pathFrom(root);
  }

  @Override
  public final String mappedName() {
    Dentry dentry = location.dentry();
    return dentry.parent() == null && !dentry.name().isEmpty() ? dentry.name() : location.path();
  }

  @Override
  public final long deviceId() {
    return inode().fileSystem().deviceId();
  }

  @Override
  public final long inodeId() {
    return inode().number();
  }

  @Override
  public void msync(MappableRange range) {}

  @Override
  public String toString() {
    return getClass().getSimpleName() + " of " + inode();
  }
}
