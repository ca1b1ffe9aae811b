package org.usermem.linux.procfs;

import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.Inode;
import org.usermem.fs.access.Capability;
import org.usermem.kernel.Kernel;
import org.usermem.kernel.Task;
import org.usermem.kernel.namespace.UtsNamespace;
import org.usermem.linux.pseudo.PseudoOwner;
import org.usermem.linux.pseudo.TextFile;
import org.usermem.linux.system.LinuxVersion;
import org.usermem.linux.sysv.MessageQueues;
import org.usermem.linux.sysv.Semaphores;
import org.usermem.mm.MemoryLimits;
import org.usermem.mm.shm.ShmLimits;

/** /proc/sys: settings, most of which can only be read here (sysctl(8)). */
final class Settings {
  private static final int PID_MAX = 1 << 22;

  private Settings() {}

  static Inode directory(ProcFileSystem proc, Kernel kernel) {
    return proc.directory(
        "fs",
        files(proc),
        "kernel",
        kernel(proc, kernel),
        "net",
        network(proc),
        "user",
        proc.directory("max_user_namespaces", proc.text("0\n")),
        "vm",
        memory(proc));
  }

  private static Inode files(ProcFileSystem proc) {
    return proc.directory(
        "aio-max-nr",
        proc.text("65536\n"),
        "aio-nr",
        proc.text("0\n"),
        "epoll",
        proc.directory("max_user_watches", proc.text("1048576\n")),
        "file-max",
        proc.text("9223372036854775807\n"),
        "file-nr",
        proc.text("1024\t0\t9223372036854775807\n"),
        "inotify",
        proc.directory(
            "max_queued_events",
            proc.text("16384\n"),
            "max_user_instances",
            proc.text("128\n"),
            "max_user_watches",
            proc.text("65536\n")),
        "nr_open",
        proc.text("1048576\n"),
        "pipe-max-size",
        proc.text("1048576\n"),
        "protected_hardlinks",
        proc.text("0\n"),
        "protected_symlinks",
        proc.text("0\n"),
        "suid_dumpable",
        proc.text("0\n"));
  }

  private static Inode kernel(ProcFileSystem proc, Kernel kernel) {
    return proc.directory(
        "cap_last_cap",
        proc.text((Capability.values().length - 1) + "\n"),
        "core_pattern",
        proc.text("core\n"),
        "core_uses_pid",
        proc.text("0\n"),
        "domainname",
        new NameFile(
            proc,
            () -> uts(kernel),
            UtsNamespace::domainName,
            UtsNamespace::setDomainName,
            UtsNamespace::domainNameChanges),
        "hostname",
        new NameFile(
            proc,
            () -> uts(kernel),
            UtsNamespace::hostName,
            UtsNamespace::setHostName,
            UtsNamespace::hostNameChanges),
        "msgmax",
        proc.text(MessageQueues.MAXIMUM_MESSAGE_BYTES + "\n"),
        "msgmnb",
        proc.text(MessageQueues.MAXIMUM_QUEUE_BYTES + "\n"),
        "msgmni",
        proc.text(MessageQueues.MAXIMUM_QUEUES + "\n"),
        "ngroups_max",
        proc.text("65536\n"),
        "osrelease",
        proc.text(LinuxVersion.RELEASE + "\n"),
        "ostype",
        proc.text(LinuxVersion.SYSTEM + "\n"),
        "overflowgid",
        proc.text("65534\n"),
        "overflowuid",
        proc.text("65534\n"),
        "perf_event_paranoid",
        proc.text("4\n"),
        "pid_max",
        proc.text(PID_MAX + "\n"),
        "random",
        random(proc),
        "randomize_va_space",
        proc.text("2\n"),
        "sched_child_runs_first",
        proc.text("0\n"),
        "sem",
        proc.text(
            Semaphores.MAXIMUM_SET_SIZE
                + "\t"
                + Semaphores.MAXIMUM_SEMAPHORES
                + "\t"
                + Semaphores.MAXIMUM_OPERATIONS
                + "\t"
                + Semaphores.MAXIMUM_SETS
                + "\n"),
        "shmall",
        proc.text(Long.toUnsignedString(ShmLimits.DEFAULT.totalPages()) + "\n"),
        "shmmax",
        proc.text(Long.toUnsignedString(ShmLimits.DEFAULT.segmentBytes()) + "\n"),
        "shmmni",
        proc.text(ShmLimits.DEFAULT.segmentCount() + "\n"),
        "tainted",
        proc.text("0\n"),
        "threads-max",
        proc.text(kernel.maximumTasks() + "\n"),
        "version",
        proc.text(LinuxVersion.BUILD + "\n"),
        "yama",
        proc.directory("ptrace_scope", proc.text("0\n")));
  }

  /** The names that the reader or writer sees. */
  private static UtsNamespace uts(Kernel kernel) {
    Task task = Task.current();
    return (task == null ? kernel.namespaces() : task.parts().namespaces()).uts();
  }

  private static Inode random(ProcFileSystem proc) {
    return proc.directory(
        "boot_id",
        proc.text(new BootId()),
        "entropy_avail",
        proc.text("256\n"),
        "poolsize",
        proc.text("256\n"),
        "uuid",
        proc.text(() -> UUID.randomUUID() + "\n"));
  }

  /** Made when it is first asked for, as few programs do: the first UUID takes milliseconds. */
  private static final class BootId implements Supplier<String> {
    private @Nullable String id; // guarded by this

    @Override
    public synchronized String get() {
      String made = id;
      if (made == null) {
        made = UUID.randomUUID() + "\n";
        id = made;
      }
      return made;
    }
  }

  private static Inode network(ProcFileSystem proc) {
    return proc.directory(
        "core",
        proc.directory(
            "rmem_default",
            proc.text("212992\n"),
            "rmem_max",
            proc.text("212992\n"),
            "somaxconn",
            proc.text("4096\n"),
            "wmem_default",
            proc.text("212992\n"),
            "wmem_max",
            proc.text("212992\n")),
        "ipv4",
        proc.directory(
            "ip_local_port_range",
            proc.text("32768\t60999\n"),
            "tcp_fin_timeout",
            proc.text("60\n"),
            "tcp_rmem",
            proc.text("4096\t131072\t6291456\n"),
            "tcp_wmem",
            proc.text("4096\t16384\t4194304\n")),
        "unix",
        proc.directory("max_dgram_qlen", proc.text("512\n")));
  }

  private static Inode memory(ProcFileSystem proc) {
    return proc.directory(
        "drop_caches",
        writable(proc, () -> "0\n", text -> {}),
        "max_map_count",
        proc.text(MemoryLimits.DEFAULT_MAP_COUNT + "\n"),
        "mmap_min_addr",
        proc.text("65536\n"),
        "nr_hugepages",
        proc.text("0\n"),
        "overcommit_memory",
        proc.text("1\n"),
        "overcommit_ratio",
        proc.text("50\n"),
        "swappiness",
        proc.text("60\n"));
  }

  /** What a privileged task sets. */
  @FunctionalInterface
  interface Setter {
    void set(String value);
  }

  private static Inode writable(ProcFileSystem proc, Supplier<String> text, Setter setter) {
    return new TextFile(proc, proc.newNumber(), 0644, PseudoOwner.ROOT, text, privileged(setter));
  }

  /** Returns what takes a text from a privileged task only. */
  static TextFile.Writer privileged(Setter setter) {
    return written -> {
      Task task = Task.current();
      if (task != null && !task.credentials().has(Capability.SYS_ADMIN)) {
        throw LinuxException.of(Errno.EPERM);
      }
      setter.set(written.strip());
    };
  }
}
