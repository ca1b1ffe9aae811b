package org.usermem.linux.mqueue;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.usermem.fs.Directory;
import org.usermem.fs.DirectoryVisitor;
import org.usermem.fs.FileSystem;
import org.usermem.fs.FileSystemContext;
import org.usermem.fs.Inode;
import org.usermem.fs.NewFile;
import org.usermem.fs.RegularFile;
import org.usermem.fs.access.Capability;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.BasicAttributes;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.attribute.FileSystemAttributes;
import org.usermem.fs.attribute.FileType;
import org.usermem.kernel.Task;
import org.usermem.kernel.limits.Resource;

/** The queues of a system, in one directory: {@code mqueue}. Thread-safe. */
final class QueueFileSystem extends FileSystem {
  private static final long MAGIC = 0x19800202;
  private static final long ROOT_NUMBER = 1;

  private final QueueBudget budget;
  private final AtomicLong nextNumber = new AtomicLong(ROOT_NUMBER + 1);
  private final Root root = new Root(this);

  QueueFileSystem(FileSystemContext context, QueueBudget budget) {
    super(context, "mqueue");
    this.budget = budget;
  }

  QueueBudget budget() {
    return budget;
  }

  @Override
  public Root root() {
    return root;
  }

  @Override
  public FileSystemAttributes attributes() {
    return FileSystemAttributes.withoutStorage(MAGIC);
  }

  /** Queues are made and found beside the VFS. */
  @Override
  public boolean changesByItself() {
    return true;
  }

  /** The directory. Names are added and removed under its lock. */
  static final class Root extends Directory {
    private final QueueFileSystem queues;
    private final ConcurrentSkipListMap<String, QueueFile> files = new ConcurrentSkipListMap<>();
    private FileAttributes attributes;

    Root(QueueFileSystem queues) {
      super(queues, ROOT_NUMBER);
      this.queues = queues;
      long now = queues.context().clock().nanos();
      this.attributes =
          new FileAttributes(
              queues.deviceId(),
              ROOT_NUMBER,
              FileType.DIRECTORY.modeBits() | 01777,
              2,
              0,
              0,
              0,
              40,
              0,
              4096,
              now,
              now,
              now,
              0,
              0);
    }

    /**
     * Makes a queue.
     *
     * @param task for whom
     * @throws org.usermem.errno.LinuxException EINVAL, ENOSPC or EMFILE
     */
    synchronized QueueFile create(@Nullable Task task, String name, NewFile file, QueueSize size) {
      boolean isPrivileged = task == null || task.credentials().has(Capability.SYS_RESOURCE);
      size.require(isPrivileged);
      long limit = task == null ? -1 : task.threadGroup().limits().current(Resource.MSGQUEUE);
      queues.budget.charge(file.userId(), size, limit, isPrivileged);
      QueueFile made = new QueueFile(queues, queues.nextNumber.getAndIncrement(), file, size);
      files.put(name, made);
      return made;
    }

    /** Removes all queues: nobody can name them any more. */
    void clear() {
      files.forEach(this::unlink);
    }

    @Override
    public @Nullable QueueFile lookup(String name) {
      return files.get(name);
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // a queue is itself and no other
    public boolean isCurrent(String name, @Nullable Inode cached) {
      return files.get(name) == cached;
    }

    @Override
    public RegularFile createFile(String name, NewFile file) {
      return create(Task.current(), name, file, QueueSize.DEFAULT);
    }

    @Override
    public synchronized void unlink(String name, Inode child) {
      QueueFile removed = files.remove(name);
      if (removed != null) {
        queues.budget.refund(removed.ownerId(), removed.size());
        removed.unlink();
      }
    }

    @Override
    public void list(long offset, DirectoryVisitor visitor) {
      long index = 0;
      for (Map.Entry<String, QueueFile> each : files.entrySet()) {
        long number = each.getValue().number();
        if (index++ >= offset && !visitor.visit(each.getKey(), FileType.REGULAR, number, index)) {
          return;
        }
      }
    }

    @Override
    public synchronized BasicAttributes basicAttributes() {
      return attributes;
    }

    @Override
    public synchronized FileAttributes attributes() {
      return attributes;
    }

    @Override
    public synchronized void setAttributes(AttributeChange change) {
      attributes = change.appliedTo(attributes);
    }
  }
}
