package org.usermem.linux.file;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.event.Readiness;
import org.usermem.fs.event.Waiter;
import org.usermem.fs.eventfd.EventDescription;
import org.usermem.kernel.Kernel;
import org.usermem.kernel.time.AlarmQueue;
import org.usermem.mm.aio.AioContext;
import org.usermem.mm.aio.AioEvent;

/**
 * A request that ends when its file is ready, and holds the file until then: {@code aio_poll} of
 * fs/aio.c. It ends on the thread of the alarms, because a waiter can't leave its queue while that
 * calls it.
 */
final class AioPoll extends Waiter implements AioContext.Pending {
  private static final long MASK_BITS = 0xffff;

  private final AioContext context;
  private final FileDescription file;
  private final AioRequest request;
  private final long object;
  private final @Nullable EventDescription signalled;
  private final AlarmQueue.Alarm alarm;
  private final AtomicBoolean hasEnded = new AtomicBoolean();
  private volatile boolean isCancelled;

  private AioPoll(
      Kernel kernel,
      AioContext context,
      FileDescription file,
      AioRequest request,
      long object,
      @Nullable EventDescription signalled) {
    super((int) request.buffer() | Readiness.ALWAYS);
    this.context = context;
    this.file = file;
    this.request = request;
    this.object = object;
    this.signalled = signalled;
    this.alarm = kernel.alarms().newAlarm(this::look);
  }

  /**
   * Begins a request that has room reserved in its context; it may end at once.
   *
   * @param object the address of the request
   * @param signalled the eventfd to signal at the end, if any
   * @throws LinuxException EINVAL if it asks for more than events
   */
  static void begin(
      Kernel kernel,
      AioContext context,
      FileDescription file,
      AioRequest request,
      long object,
      @Nullable EventDescription signalled) {
    boolean isPlain =
        (request.buffer() & ~MASK_BITS) == 0
            && request.offset() == 0
            && request.count() == 0
            && request.flags() == 0;
    if (!isPlain) {
      throw LinuxException.of(Errno.EINVAL);
    }
    file.incRef();
    if (signalled != null) {
      signalled.incRef();
    }
    AioPoll poll = new AioPoll(kernel, context, file, request, object, signalled);
    file.register(poll);
    context.remember(poll);
    poll.look();
  }

  @Override
  public long object() {
    return object;
  }

  @Override
  public void cancel() {
    isCancelled = true;
    lookSoon();
  }

  @Override
  protected boolean wake(int events) {
    lookSoon();
    return true;
  }

  private void lookSoon() {
    alarm.set(0);
  }

  private void look() {
    if (hasEnded.get()) {
      return;
    }
    int ready = isCancelled ? 0 : file.readiness(mask()) & mask();
    if ((ready != 0 || isCancelled) && hasEnded.compareAndSet(false, true)) {
      end(ready);
    }
  }

  private void end(int ready) {
    file.unregister(this);
    context.forget(this);
    context.complete(new AioEvent(request.data(), object, ready, 0));
    if (signalled != null) {
      signalled.signal(1);
      signalled.decRef();
    }
    file.decRef();
  }
}
