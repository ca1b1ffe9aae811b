package org.usermem.kernel;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.io.IOOpts;
import org.usermem.kernel.fd.FileDescriptorTable;
import org.usermem.kernel.fd.FsContext;
import org.usermem.kernel.identity.TaskCredentials;
import org.usermem.kernel.namespace.Namespaces;
import org.usermem.kernel.signal.SignalActions;
import org.usermem.mm.MemoryManager;
import org.usermem.mm.numa.NumaPolicy;
import org.usermem.platform.Registers;

/**
 * What a task is made of: its program, what it shares with others, and what it asked the kernel to
 * remember. Setters are for the task's own thread; getters are safe from any.
 */
public final class TaskParts {

  private static final int NAME_LIMIT = 15;

  private final ThreadGroup threadGroup;
  private final Registers registers;
  private final UserScratch scratch = new UserScratch();
  private final TaskAccounting accounting = new TaskAccounting();
  private volatile ProgramImage image;
  private volatile @Nullable MemoryManager memory;
  private volatile FileDescriptorTable files;
  private volatile FsContext fsContext;
  private volatile Namespaces namespaces;
  private volatile SignalActions actions;
  private volatile TaskCredentials credentials;
  private volatile String name;
  private volatile SchedulingAttributes scheduling = SchedulingAttributes.DEFAULT;
  private volatile BitSet affinity;
  private volatile boolean noNewPrivileges;
  private volatile @Nullable SyscallFilter syscallFilter;
  private volatile boolean dumpable = true;
  private volatile long personality;
  private volatile NumaPolicy numaPolicy = NumaPolicy.DEFAULT;
  private volatile long robustListHead;
  private volatile @Nullable RseqRegistration rseq;
  private volatile long clearChildTidAddr;
  private long setChildTidAddr;

  /** The next execve(2) is to fail if the user has too many tasks still (PF_NPROC_EXCEEDED). */
  boolean exceedsTasks;

  TaskParts(
      ThreadGroup threadGroup,
      Registers registers,
      ProgramImage image,
      MemoryManager memory,
      FileDescriptorTable files,
      FsContext fsContext,
      Namespaces namespaces,
      SignalActions actions,
      TaskCredentials credentials,
      BitSet affinity) {
    this.threadGroup = threadGroup;
    this.registers = registers;
    this.image = image;
    this.memory = memory;
    this.files = files;
    this.fsContext = fsContext;
    this.namespaces = namespaces;
    this.actions = actions;
    this.credentials = credentials;
    this.name = image.name();
    this.affinity = affinity;
  }

  /** Copies what fork and clone hand on without sharing it. */
  void inheritFrom(TaskParts parent) {
    name = parent.name;
    scheduling = parent.scheduling.forChild();
    noNewPrivileges = parent.noNewPrivileges;
    syscallFilter = parent.syscallFilter;
    dumpable = parent.dumpable;
    personality = parent.personality;
    numaPolicy = parent.numaPolicy;
  }

  ThreadGroup threadGroup() {
    return threadGroup;
  }

  Registers registers() {
    return registers;
  }

  UserScratch scratch() {
    return scratch;
  }

  /** Returns what the task has read, written and faulted. */
  public TaskAccounting accounting() {
    return accounting;
  }

  /** Returns the program that the task runs. */
  public ProgramImage image() {
    return image;
  }

  @Nullable MemoryManager memory() {
    return memory;
  }

  MemoryManager requireMemory() {
    MemoryManager current = memory;
    if (current == null) {
      throw LinuxException.of(Errno.ESRCH);
    }
    return current;
  }

  /** Installs a program and its address space; null for neither, when the task ends. */
  void replaceMemory(@Nullable ProgramImage newImage) {
    if (newImage == null) {
      memory = null;
      return;
    }
    image = newImage;
    name = newImage.name();
    memory = newImage.memory();
    registers.copyFrom(newImage.registers());
    dumpable = !newImage.isSecure();
    robustListHead = 0;
    rseq = null;
    clearChildTidAddr = 0;
  }

  FileDescriptorTable files() {
    return files;
  }

  /** Gives the task a table of its own if it shares one (CLONE_FILES of unshare(2)). */
  public void unshareFiles() {
    FileDescriptorTable before = files;
    if (before.isShared()) {
      files = before.copy();
      before.decUsers();
    }
  }

  /**
   * Gives the task another table.
   *
   * @param table the table; the task takes over one use of it
   */
  public void replaceFiles(FileDescriptorTable table) {
    FileDescriptorTable before = files;
    files = table;
    before.decUsers();
  }

  FsContext fsContext() {
    return fsContext;
  }

  /** Returns the namespaces that the task is in. */
  public Namespaces namespaces() {
    return namespaces;
  }

  /**
   * Puts the task into other namespaces (unshare(2), setns(2)).
   *
   * @param others the task takes over one use of them
   */
  public void replaceNamespaces(Namespaces others) {
    Namespaces before = namespaces;
    namespaces = others;
    before.decUsers();
  }

  /** Gives the task root, working directory and umask of its own (CLONE_FS of unshare(2)). */
  public void unshareFsContext() {
    FsContext before = fsContext;
    if (before.isShared()) {
      fsContext = before.copy();
      before.decUsers();
    }
  }

  SignalActions actions() {
    return actions;
  }

  void setActions(SignalActions newActions) {
    actions = newActions;
  }

  TaskCredentials credentials() {
    return credentials;
  }

  void setCredentials(TaskCredentials newCredentials) {
    TaskCredentials before = credentials;
    credentials = newCredentials;
    if (!before.users().equals(newCredentials.users())
        || !before.groups().equals(newCredentials.groups())) {
      // Whoever changes sides must not be looked into by his old side (commit_creds).
      dumpable = false;
    }
  }

  /** Sets credentials without a say in who may look in: execve(2) has decided that. */
  void setCredentialsForExec(TaskCredentials newCredentials) {
    credentials = newCredentials;
  }

  /** Returns the task's name, at most 15 bytes, one char a byte. */
  public String name() {
    return name;
  }

  /** Sets the task's name (PR_SET_NAME); longer ones are cut. */
  public void setName(String newName) {
    name = newName.length() > NAME_LIMIT ? newName.substring(0, NAME_LIMIT) : newName;
  }

  /** Returns how the task asked to be scheduled. */
  public SchedulingAttributes scheduling() {
    return scheduling;
  }

  /** Sets how the task asks to be scheduled; other tasks may do this too. */
  public void setScheduling(SchedulingAttributes attributes) {
    scheduling = attributes;
  }

  /** Returns a copy of the processors that the task may run on. */
  public BitSet affinity() {
    return (BitSet) affinity.clone();
  }

  /** Sets the processors that the task may run on; kept and reported. */
  public void setAffinity(BitSet processors) {
    affinity = (BitSet) processors.clone();
  }

  /** Returns whether execve(2) gives the task no rights any more (PR_SET_NO_NEW_PRIVS). */
  public boolean hasNoNewPrivileges() {
    return noNewPrivileges;
  }

  /** Has execve(2) give the task and its children no rights any more; there is no way back. */
  public void setNoNewPrivileges() {
    noNewPrivileges = true;
  }

  /** Returns what decides about the task's system calls, or null. */
  public @Nullable SyscallFilter syscallFilter() {
    return syscallFilter;
  }

  /** Sets what decides about the task's system calls; another task of the process may do this. */
  public void setSyscallFilter(SyscallFilter filter) {
    syscallFilter = filter;
  }

  /** Returns whether others of the same user may look into the task (PR_GET_DUMPABLE). */
  public boolean isDumpable() {
    return dumpable;
  }

  /** Sets whether others of the same user may look into the task (PR_SET_DUMPABLE). */
  public void setDumpable(boolean isDumpable) {
    dumpable = isDumpable;
  }

  /** Returns the execution domain (personality(2)). */
  public long personality() {
    return personality;
  }

  /** Sets the execution domain. */
  public void setPersonality(long persona) {
    personality = persona;
  }

  /** Returns the memory policy of the task (get_mempolicy(2)). */
  public NumaPolicy numaPolicy() {
    return numaPolicy;
  }

  /** Sets the memory policy of the task (set_mempolicy(2)); kept and reported. */
  public void setNumaPolicy(NumaPolicy policy) {
    numaPolicy = policy;
  }

  /** Returns the address of the list of robust futexes; 0 for none. */
  public long robustListHead() {
    return robustListHead;
  }

  /** Sets the address of the list of robust futexes (set_robust_list(2)). */
  public void setRobustListHead(long addr) {
    robustListHead = addr;
  }

  /** Returns what the task has told about restartable sequences, or null. */
  public @Nullable RseqRegistration rseq() {
    return rseq;
  }

  /** Sets what the task tells about restartable sequences; null takes it back. */
  public void setRseq(@Nullable RseqRegistration registration) {
    rseq = registration;
  }

  /**
   * Sets the address that is cleared, and whose futex is woken, at the end (set_tid_address(2)).
   */
  public void setClearChildTidAddr(long addr) {
    clearChildTidAddr = addr;
  }

  /** Returns the address that is cleared at the task's end; 0 for none. */
  public long clearChildTidAddr() {
    return clearChildTidAddr;
  }

  void setStoredChildTidAddr(long addr) {
    setChildTidAddr = addr;
  }

  /** Stores the new task's number in its own memory ({@code schedule_tail}). */
  void storeChildTid(Task task) {
    MemoryManager current = memory;
    if (setChildTidAddr != 0 && current != null) {
      try {
        scratch.copyOutInt(current, setChildTidAddr, task.tid());
      } catch (LinuxException e) {
        // put_user's failure is ignored there as well.
        setChildTidAddr = 0;
      }
    }
  }

  /** Clears the number that the task stored, and returns whether there was one. */
  boolean clearChildTid() {
    long addr = clearChildTidAddr;
    MemoryManager current = memory;
    if (addr == 0 || current == null) {
      return false;
    }
    try {
      current.storeInt(addr, 0, IOOpts.DEFAULT);
      return true;
    } catch (LinuxException e) {
      return false;
    }
  }
}
