package org.usermem.mm;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.usermem.addr.AccessType;
import org.usermem.addr.AddrRange;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.memmap.FileRange;
import org.usermem.memmap.MapOptions;
import org.usermem.memmap.Mappable;
import org.usermem.memmap.MappableRange;
import org.usermem.memmap.MappingIdentity;
import org.usermem.memmap.MappingSpace;
import org.usermem.memmap.MemoryKind;
import org.usermem.memmap.Translation;
import org.usermem.mm.aio.AioContext;

/**
 * The contexts of asynchronous I/O of an address space: io_setup(2) and io_destroy(2). Its lock
 * comes after the lock of the mappings, as a ring that mremap(2) moves takes its number along.
 */
final class AioContexts {

  /** Linux's default of fs.aio-max-nr, here for each address space. */
  private static final int MOST_EVENTS = 65536;

  private final Space space;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<AioContext> contexts = new ArrayList<>();
  private int events;

  AioContexts(Space space) {
    this.space = space;
  }

  AioContext setUp(int capacity) {
    if (capacity <= 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    lock.lock();
    try {
      if (events + capacity > MOST_EVENTS || events + capacity < 0) {
        throw LinuxException.of(Errno.EAGAIN);
      }
      events += capacity;
    } finally {
      lock.unlock();
    }
    try {
      return map(capacity);
    } catch (LinuxException e) {
      giveBack(capacity);
      throw e;
    }
  }

  private void giveBack(int capacity) {
    lock.lock();
    try {
      events -= capacity;
    } finally {
      lock.unlock();
    }
  }

  private AioContext map(int capacity) {
    long ringBytes = AioContext.ringBytes(capacity);
    FileRange range = space.file.allocate(ringBytes, MemoryKind.SYSTEM);
    AioContext context = new AioContext(space.file.segment(range), capacity);
    Ring ring = new Ring(context, range);
    try {
      long addr =
          Mmap.map(
              space,
              MapOptions.builder(ringBytes)
                  .mappable(ring, ring, 0)
                  .access(AccessType.READ_WRITE)
                  .shared()
                  .build());
      context.setId(addr);
      lock.lock();
      try {
        contexts.add(context);
      } finally {
        lock.unlock();
      }
      return context;
    } finally {
      ring.decRef();
    }
  }

  @Nullable AioContext find(long id) {
    lock.lock();
    try {
      for (AioContext context : contexts) {
        if (context.id() == id && !context.isDead()) {
          return context;
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  AioContext destroy(long id) {
    AioContext context = find(id);
    if (context == null) {
      throw LinuxException.of(Errno.EINVAL);
    }
    end(context);
    Munmap.unmap(space, context.id(), AioContext.ringBytes(context.capacity()));
    return context;
  }

  private void end(AioContext context) {
    lock.lock();
    try {
      if (contexts.remove(context)) {
        events -= context.capacity();
      }
    } finally {
      lock.unlock();
    }
    context.destroy();
  }

  void destroyAll() {
    List<AioContext> all;
    lock.lock();
    try {
      all = List.copyOf(contexts);
    } finally {
      lock.unlock();
    }
    all.forEach(this::end);
  }

  /** The ring's pages, as they are mapped. They live until the ring is unmapped everywhere. */
  private final class Ring implements Mappable, MappingIdentity {
    private final AioContext context;
    private final FileRange range;
    private final AtomicInteger references = new AtomicInteger(1);

    Ring(AioContext context, FileRange range) {
      this.context = context;
      this.range = range;
    }

    @Override
    public void addMapping(MappingSpace mapped, AddrRange at, long offset, boolean writable) {}

    @Override
    public void removeMapping(MappingSpace mapped, AddrRange at, long offset, boolean writable) {}

    /** A ring that is moved whole keeps its context; Linux: aio_ring_mremap. */
    @Override
    public void copyMapping(
        MappingSpace mapped,
        AddrRange source,
        AddrRange destination,
        long offset,
        boolean writable) {
      if (mapped.equals(space) && context.id() == source.start() && offset == 0) {
        context.setId(destination.start());
      }
    }

    @Override
    public List<Translation> translate(
        MappableRange required, MappableRange optional, AccessType access) {
      long end = Math.min(optional.end(), range.byteCount());
      if (required.start() >= end) {
        return List.of();
      }
      MappableRange source = new MappableRange(optional.start(), end);
      return List.of(new Translation(source, range.start() + source.start(), AccessType.ANY));
    }

    @Override
    public void incRef() {
      references.incrementAndGet();
    }

    @Override
    public void decRef() {
      if (references.decrementAndGet() == 0) {
        // Requests that are still under way complete into nothing.
        end(context);
        space.file.decRef(range);
      }
    }

    @Override
    public boolean mayExpand() {
      return false;
    }

    @Override
    public String mappedName() {
      return "/[aio] (deleted)";
    }

    @Override
    public long deviceId() {
      return 0;
    }

    @Override
    public long inodeId() {
      return 0;
    }

    @Override
    public void msync(MappableRange ignored) {}
  }
}
