package org.usermem.linux.procfs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.usermem.fs.FileSystemType;
import org.usermem.fs.Inode;
import org.usermem.kernel.Kernel;
import org.usermem.kernel.Task;
import org.usermem.kernel.TaskState;
import org.usermem.kernel.limits.ResourceUsage;
import org.usermem.kernel.time.Clocks;
import org.usermem.linux.misc.SystemMemory;
import org.usermem.linux.pseudo.PseudoLink;
import org.usermem.linux.pseudo.PseudoOwner;
import org.usermem.linux.system.LinuxSystem;
import org.usermem.linux.system.LinuxVersion;
import org.usermem.memmap.MemoryKind;
import org.usermem.platform.memory.MemoryUsage;

/** The files of /proc that are about the whole system. */
final class SystemFiles {
  private static final long KIBI = 1024;

  private SystemFiles() {}

  static void addTo(
      ProcFileSystem.Root root, ProcFileSystem proc, Kernel kernel, LinuxSystem system) {
    root.add("cmdline", proc.text("quiet\n"));
    root.add("consoles", proc.text(""));
    root.add("cpuinfo", proc.text(() -> processors(kernel)));
    root.add("devices", proc.text(DEVICES));
    root.add("diskstats", proc.text(""));
    root.add("filesystems", proc.text(() -> fileSystems(system)));
    root.add("interrupts", proc.text(""));
    root.add("loadavg", proc.text(() -> loadAverage(kernel)));
    root.add("locks", proc.text(""));
    root.add("meminfo", proc.text(() -> memory(kernel)));
    root.add("misc", proc.text(""));
    root.add("modules", proc.text(""));
    root.add(
        "mounts", new PseudoLink(proc, proc.newNumber(), PseudoOwner.ROOT, () -> "self/mounts"));
    root.add("net", network(proc));
    root.add("partitions", proc.text("major minor  #blocks  name\n\n"));
    root.add("stat", proc.text(() -> statistics(kernel)));
    root.add("swaps", proc.text("Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"));
    root.add("uptime", proc.text(() -> upTime(kernel)));
    root.add("version", proc.text(version()));
    root.add("vmstat", proc.text(() -> memoryStatistics(kernel)));
  }

  private static final String DEVICES =
      """
      Character devices:
        1 mem
        5 /dev/tty
        5 /dev/console
        5 /dev/ptmx
      136 pts

      Block devices:
      """;

  private static Inode network(ProcFileSystem proc) {
    String header =
        """
        Inter-|   Receive                                                |  Transmit
         face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
        """;
    String sockets =
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid"
            + "  timeout inode\n";
    return proc.directory(
        "dev",
        proc.text(header),
        "route",
        proc.text(
            "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow"
                + "\tIRTT\n"),
        "tcp",
        proc.text(sockets),
        "tcp6",
        proc.text(sockets),
        "udp",
        proc.text(sockets),
        "udp6",
        proc.text(sockets),
        "if_inet6",
        proc.text(""),
        "unix",
        proc.text("Num       RefCount Protocol Flags    Type St Inode Path\n"));
  }

  private static String version() {
    return LinuxVersion.SYSTEM
        + " version "
        + LinuxVersion.RELEASE
        + " (usermem@usermem) "
        + LinuxVersion.BUILD
        + "\n";
  }

  /** What the host says of its processors, as many as the guest sees: guests run on them. */
  private static String processors(Kernel kernel) {
    List<String> blocks;
    try {
      String all = Files.readString(Path.of("/proc/cpuinfo"), StandardCharsets.ISO_8859_1);
      blocks = List.of(all.split("\n\n"));
    } catch (IOException e) {
      return "";
    }
    int count = Math.min(kernel.processors(), blocks.size());
    return String.join("\n\n", blocks.subList(0, count)) + "\n\n";
  }

  private static String fileSystems(LinuxSystem system) {
    StringBuilder text = new StringBuilder();
    for (FileSystemType type : system.vfs().types()) {
      text.append(type.isVirtual() ? "nodev" : "").append('\t').append(type.name()).append('\n');
    }
    return text.toString();
  }

  private static long running(Kernel kernel) {
    return kernel.tasksNow().stream().filter(each -> each.state() == TaskState.RUNNING).count();
  }

  private static String loadAverage(Kernel kernel) {
    int last = kernel.tasksNow().stream().mapToInt(Task::tid).max().orElse(0);
    return "0.00 0.00 0.00 "
        + Math.max(1, running(kernel))
        + "/"
        + kernel.tasksNow().size()
        + " "
        + last
        + "\n";
  }

  private static String upTime(Kernel kernel) {
    double seconds = (Clocks.monotonicNanos() - kernel.startNanos()) / 1e9;
    return String.format("%.2f %.2f\n", seconds, seconds * kernel.processors());
  }

  private static String memory(Kernel kernel) {
    MemoryUsage usage = kernel.memoryFile().usage();
    long total = SystemMemory.totalBytes(kernel);
    long free = Math.max(0, total - usage.allocated());
    long cached = of(usage, MemoryKind.PAGE_CACHE);
    long shared = of(usage, MemoryKind.SHMEM);
    long anonymous = of(usage, MemoryKind.ANONYMOUS);
    StringBuilder text = new StringBuilder(600);
    line(text, "MemTotal", total);
    line(text, "MemFree", free);
    line(text, "MemAvailable", free + cached);
    line(text, "Buffers", 0);
    line(text, "Cached", cached + shared);
    line(text, "SwapCached", 0);
    line(text, "Active", anonymous + cached);
    line(text, "Inactive", 0);
    line(text, "SwapTotal", 0);
    line(text, "SwapFree", 0);
    line(text, "Dirty", 0);
    line(text, "Writeback", 0);
    line(text, "AnonPages", anonymous);
    line(text, "Mapped", cached);
    line(text, "Shmem", shared);
    line(text, "KReclaimable", 0);
    line(text, "Slab", 0);
    line(text, "KernelStack", 0);
    line(text, "PageTables", 0);
    line(text, "CommitLimit", total);
    line(text, "Committed_AS", usage.allocated());
    line(text, "VmallocTotal", 0);
    line(text, "VmallocUsed", 0);
    text.append("HugePages_Total:       0\nHugePages_Free:        0\n");
    line(text, "Hugepagesize", 2048 * KIBI);
    return text.toString();
  }

  private static long of(MemoryUsage usage, MemoryKind kind) {
    return usage.byKind().getOrDefault(kind, 0L);
  }

  private static void line(StringBuilder text, String name, long bytes) {
    text.append(String.format("%-16s%8d kB\n", name + ":", bytes / KIBI));
  }

  private static String statistics(Kernel kernel) {
    long user = 0;
    long system = 0;
    for (Task each : kernel.tasksNow()) {
      ResourceUsage usage = each.usage();
      user += usage.userNanos();
      system += usage.systemNanos();
    }
    long up = Clocks.monotonicNanos() - kernel.startNanos();
    int processors = kernel.processors();
    StringBuilder text = new StringBuilder();
    text.append(processor("cpu ", user, system, up * processors));
    for (int i = 0; i < processors; i++) {
      text.append(processor("cpu" + i, user / processors, system / processors, up));
    }
    long boot = (Clocks.realtimeNanos() - up) / 1_000_000_000L;
    text.append("intr 0\nctxt 0\nbtime ").append(boot);
    text.append("\nprocesses ").append(kernel.tasksNow().size());
    text.append("\nprocs_running ").append(Math.max(1, running(kernel)));
    return text.append("\nprocs_blocked 0\nsoftirq 0 0 0 0 0 0 0 0 0 0 0\n").toString();
  }

  private static String processor(String name, long user, long system, long all) {
    long idle = Math.max(0, all - user - system) / Kernel.NANOS_PER_TICK;
    return name
        + " "
        + user / Kernel.NANOS_PER_TICK
        + " 0 "
        + system / Kernel.NANOS_PER_TICK
        + " "
        + idle
        + " 0 0 0 0 0 0\n";
  }

  private static String memoryStatistics(Kernel kernel) {
    MemoryUsage usage = kernel.memoryFile().usage();
    long free = SystemMemory.totalBytes(kernel) - usage.allocated();
    return "nr_free_pages "
        + Math.max(0, free) / 4096
        + "\nnr_anon_pages "
        + of(usage, MemoryKind.ANONYMOUS) / 4096
        + "\nnr_file_pages "
        + of(usage, MemoryKind.PAGE_CACHE) / 4096
        + "\nnr_shmem "
        + of(usage, MemoryKind.SHMEM) / 4096
        + "\npgpgin 0\npgpgout 0\npswpin 0\npswpout 0\npgfault 0\npgmajfault 0\n";
  }
}
