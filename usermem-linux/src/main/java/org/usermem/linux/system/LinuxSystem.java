package org.usermem.linux.system;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.memfd.SharedMemory;
import org.usermem.fs.vfs.MountNamespace;
import org.usermem.fs.vfs.VirtualFileSystem;
import org.usermem.kernel.Kernel;
import org.usermem.kernel.Task;
import org.usermem.kernel.namespace.Namespace;
import org.usermem.linux.account.ProcessAccounting;
import org.usermem.linux.namespace.IpcNamespace;
import org.usermem.linux.namespace.MountTree;
import org.usermem.linux.namespace.NetworkNamespace;
import org.usermem.linux.namespace.QueueFileSystemType;

/**
 * What the system calls of one sentry share beside its kernel. A task finds it through the
 * architecture of its kernel. Thread-safe.
 */
public final class LinuxSystem implements AutoCloseable {
  /** What a kernel's architecture implements here, so that its system can be found. */
  public interface Owner {
    /** Returns the system. */
    LinuxSystem system();
  }

  /** What messages between sockets may take of the sentry's memory. */
  private static final long SOCKET_MESSAGE_BYTES = 64L << 20;

  private final VirtualFileSystem vfs;
  private final MountNamespace mounts;
  private final SharedMemory sharedMemory;
  private final IpcNamespace ipc;
  private final ProcessAccounting accounting = new ProcessAccounting();
  private final AtomicLong socketMessages = new AtomicLong(SOCKET_MESSAGE_BYTES);
  private final WatchGraph watches = new WatchGraph();
  private final Entropy entropy = new Entropy();
  private final UnimplementedCalls unimplementedCalls = new UnimplementedCalls();

  private volatile Consumer<Task> endListener = last -> {};

  /** Makes a system over files. */
  public LinuxSystem(VirtualFileSystem vfs, MountNamespace mounts, SharedMemory sharedMemory) {
    this.vfs = vfs;
    this.mounts = mounts;
    this.sharedMemory = sharedMemory;
    this.ipc = new IpcNamespace(vfs);
    vfs.register(new QueueFileSystemType(ipc));
  }

  /** Returns the system that a task belongs to. */
  public static LinuxSystem of(Task task) {
    return of(task.kernel());
  }

  /** Returns the system that belongs to a kernel. */
  public static LinuxSystem of(Kernel kernel) {
    return ((Owner) kernel.architecture()).system();
  }

  /** Returns the files. */
  public VirtualFileSystem vfs() {
    return vfs;
  }

  /** Returns the first namespaces of a kernel, which it takes over. */
  public List<Namespace> namespaces() {
    return List.of(ipc, new MountTree(mounts), new NetworkNamespace());
  }

  /** Returns what is mounted where, as the first task sees it. */
  public MountNamespace mounts() {
    return mounts;
  }

  /** Returns what makes files that no directory holds. */
  public SharedMemory sharedMemory() {
    return sharedMemory;
  }

  /** Returns how many bytes of messages between sockets there is memory for. */
  public AtomicLong socketMessages() {
    return socketMessages;
  }

  /** Returns which epoll instances watch which. */
  public WatchGraph watches() {
    return watches;
  }

  /** Returns what keeps records of processes. */
  public ProcessAccounting accounting() {
    return accounting;
  }

  /**
   * Sets what is told of the end of each process, while its memory is still there.
   *
   * @param listener is given the last task of the process, on whose thread it runs
   */
  public void onProcessEnd(Consumer<Task> listener) {
    endListener = listener;
  }

  /** Tells of the end of a process. */
  public void processEnds(Task last) {
    endListener.accept(last);
    accounting.processEnds(last);
  }

  /** Ends a task's part in what outlives tasks; on its own thread. */
  public void taskEnds(Task task) {
    IpcNamespace.of(task).leave(task);
  }

  /** Gives back what is left when the kernel has ended. */
  @Override
  public void close() {
    accounting.close();
    ipc.close();
  }

  /** Returns the calls that programs made in vain. */
  public UnimplementedCalls unimplementedCalls() {
    return unimplementedCalls;
  }

  /**
   * Counts a call that is not implemented.
   *
   * @throws LinuxException ENOSYS, always
   */
  public long unimplemented(int number) {
    unimplementedCalls.count(number);
    throw LinuxException.of(Errno.ENOSYS);
  }

  /** Returns where random bytes come from. */
  public Entropy entropy() {
    return entropy;
  }
}
