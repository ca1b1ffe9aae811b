package org.usermem.sentry.guard;

import org.jspecify.annotations.Nullable;
import org.usermem.fs.AllocateMode;
import org.usermem.fs.DirectoryVisitor;
import org.usermem.fs.FileDescription;
import org.usermem.fs.IoctlRequest;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.Whence;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.event.Readiness;
import org.usermem.fs.event.WaitQueue;
import org.usermem.fs.event.Waiter;
import org.usermem.memmap.MapOptions;
import org.usermem.memmap.Mappable;
import org.usermem.memmap.MappableRange;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/**
 * An open file or device of a plug-in that describes open files in a way of its own. Waiters wait
 * on a queue of ours, which the plug-in's queue notifies, so that they are woken when the plug-in
 * goes.
 */
final class GuardedDescription extends FileDescription implements Guard.Revocable {

  private final Guard guard;
  private final Target<FileDescription> target;
  private final boolean positions;
  private final boolean waits;
  private final WaitQueue queue = new WaitQueue();
  private final Waiter bridge =
      new Waiter(Readiness.ALL) {
        @Override
        protected boolean wake(int events) {
          queue.notify(events);
          return true;
        }
      };
  private @Nullable GuardedMappable mappable; // guarded by this

  /**
   * Describes an open file.
   *
   * @param request what was asked for
   * @param target the plug-in's own description, of which this has the one reference
   * @param guard its guard
   */
  GuardedDescription(OpenRequest request, Target<FileDescription> target, Guard guard) {
    super(request);
    this.guard = guard;
    this.target = target;
    this.positions = target.call(FileDescription::hasPositions);
    this.waits = target.call(FileDescription::canWait);
    if (waits) {
      target.run(d -> d.register(bridge));
    }
    guard.add(this);
  }

  @Override
  protected void onRelease() {
    guard.remove(this);
    revoke();
  }

  @Override
  public void revoke() {
    FileDescription description = target.take();
    if (description != null) {
      if (waits) {
        guard.attempt(() -> description.unregister(bridge));
      }
      guard.attempt(description::decRef);
      queue.notify(Readiness.ALL);
    }
  }

  @Override
  public void closing() {
    target.attempt(FileDescription::closing);
  }

  @Override
  protected void onSetFlags(int wanted) {
    target.run(d -> d.setFlags(wanted));
  }

  @Override
  public boolean isOpenComplete() {
    return target.call(FileDescription::isOpenComplete);
  }

  @Override
  protected long onRead(Sink dst, TransferOptions options) {
    return target.call(d -> d.read(dst, options));
  }

  @Override
  protected long onReadAt(Sink dst, long offset, TransferOptions options) {
    return target.call(d -> d.readAt(dst, offset, options));
  }

  @Override
  protected long onWrite(Source src, TransferOptions options) {
    return target.call(d -> d.write(src, options));
  }

  @Override
  protected long onWriteAt(Source src, long offset, TransferOptions options) {
    return target.call(d -> d.writeAt(src, offset, options));
  }

  @Override
  public boolean hasPositions() {
    return positions;
  }

  @Override
  public long seek(long offset, Whence whence) {
    return target.call(d -> d.seek(offset, whence));
  }

  @Override
  public void list(DirectoryVisitor visitor) {
    target.run(d -> d.list(visitor));
  }

  @Override
  public long ioctl(IoctlRequest request) {
    return target.call(d -> d.ioctl(request));
  }

  @Override
  public boolean canWait() {
    return waits;
  }

  /** Everything is ready once the plug-in is gone: whoever tries is told ENODEV. */
  @Override
  public int readiness(int interest) {
    return target.ifPresent() == null
        ? (Readiness.READABLE | Readiness.WRITABLE | Readiness.ALWAYS)
            & (interest | Readiness.ALWAYS)
        : target.call(d -> d.readiness(interest));
  }

  @Override
  public void register(Waiter waiter) {
    queue.register(waiter);
  }

  @Override
  public void unregister(Waiter waiter) {
    queue.unregister(waiter);
  }

  @Override
  public void sync(boolean dataOnly) {
    target.run(d -> d.sync(dataOnly));
  }

  @Override
  public void allocate(AllocateMode mode, long offset, long byteCount, TransferOptions options) {
    target.run(d -> d.allocate(mode, offset, byteCount, options));
  }

  @Override
  public void truncate(long byteSize, TransferOptions options) {
    target.run(d -> d.truncate(byteSize, options));
  }

  @Override
  public FileAttributes attributes() {
    return target.call(FileDescription::attributes);
  }

  @Override
  public synchronized MapOptions configureMap(MapOptions options) {
    MapOptions configured = target.call(d -> d.configureMap(options));
    Mappable inner = configured.mappable();
    if (inner == null) {
      return configured;
    }
    if (mappable == null) {
      mappable = new GuardedMappable(new Target<>(guard, inner), guard);
    }
    // The mapping keeps this description, which keeps the plug-in's.
    incRef();
    target.run(FileDescription::decRef);
    return configured.toBuilder().mappable(mappable, this, configured.offset()).build();
  }

  @Override
  public void msync(MappableRange range) {
    target.run(d -> d.msync(range));
  }

  @Override
  public String details() {
    return target.ifPresent() == null ? "" : target.call(FileDescription::details);
  }

  @Override
  public long position() {
    return target.ifPresent() == null ? 0 : target.call(FileDescription::position);
  }
}
