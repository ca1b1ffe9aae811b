package org.usermem.linux.sysfs;

import java.util.BitSet;
import org.usermem.fs.Directory;
import org.usermem.fs.FileSystemContext;
import org.usermem.fs.Inode;
import org.usermem.kernel.Kernel;
import org.usermem.kernel.SchedulingAttributes;
import org.usermem.linux.procfs.CpuLists;
import org.usermem.linux.pseudo.PseudoFileSystem;
import org.usermem.linux.pseudo.StaticDirectory;

/** /sys of one kernel: processors, the one node, and what is asked about huge pages. */
public final class SysFileSystem extends PseudoFileSystem {
  private static final long MAGIC = 0x62656572;

  private final StaticDirectory root;

  /** Makes the file system of a kernel. */
  public SysFileSystem(FileSystemContext context, Kernel kernel) {
    super(context, "sysfs", MAGIC);
    BitSet processors = SchedulingAttributes.allProcessors(kernel.processors());
    this.root =
        directory(
            "block",
            directory(),
            "bus",
            directory(),
            "class",
            directory("net", directory(), "tty", directory()),
            "dev",
            directory("block", directory(), "char", directory()),
            "devices",
            directory(
                "system",
                directory("cpu", processors(processors), "node", nodes(processors)),
                "virtual",
                directory()),
            "firmware",
            directory(),
            "fs",
            directory("cgroup", directory()),
            "kernel",
            directory(
                "mm",
                directory(
                    "hugepages",
                    directory(),
                    "ksm",
                    directory("run", text("0\n")),
                    "transparent_hugepage",
                    directory(
                        "defrag",
                        text("always defer defer+madvise [madvise] never\n"),
                        "enabled",
                        text("always [madvise] never\n"),
                        "hpage_pmd_size",
                        text("2097152\n"),
                        "shmem_enabled",
                        text("always within_size advise [never] deny force\n")))),
            "module",
            directory(),
            "power",
            directory());
  }

  private Inode processors(BitSet processors) {
    String list = CpuLists.list(processors) + "\n";
    StaticDirectory directory =
        directory(
            "isolated",
            text("\n"),
            "kernel_max",
            text("8191\n"),
            "offline",
            text("\n"),
            "online",
            text(list),
            "possible",
            text(list),
            "present",
            text(list));
    for (int i = 0; i < processors.length(); i++) {
      directory.add("cpu" + i, processor(i, processors));
    }
    return directory;
  }

  /** A processor is a core of its own, and all are in one package. */
  private Inode processor(int index, BitSet processors) {
    BitSet own = new BitSet();
    own.set(index);
    StaticDirectory topology =
        directory(
            "core_id",
            text(index + "\n"),
            "die_id",
            text("0\n"),
            "physical_package_id",
            text("0\n"));
    for (String name : new String[] {"core_cpus", "thread_siblings"}) {
      addProcessors(topology, name, own);
    }
    for (String name : new String[] {"core_siblings", "die_cpus", "package_cpus"}) {
      addProcessors(topology, name, processors);
    }
    return directory("online", text("1\n"), "topology", topology);
  }

  private void addProcessors(StaticDirectory topology, String name, BitSet processors) {
    topology.add(name, text(CpuLists.mask(processors) + "\n"));
    topology.add(name + "_list", text(CpuLists.list(processors) + "\n"));
  }

  private Inode nodes(BitSet processors) {
    return directory(
        "has_cpu",
        text("0\n"),
        "has_memory",
        text("0\n"),
        "node0",
        directory(
            "cpulist",
            text(CpuLists.list(processors) + "\n"),
            "cpumap",
            text(CpuLists.mask(processors) + "\n"),
            "distance",
            text("10\n")),
        "online",
        text("0\n"),
        "possible",
        text("0\n"));
  }

  @Override
  public Directory root() {
    return root;
  }
}
