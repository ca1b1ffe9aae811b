package org.usermem.linux.memory;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.usermem.addr.Addr;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.access.Capability;
import org.usermem.kernel.MemoryUse;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.linux.process.Targets;
import org.usermem.mm.MemoryManager;
import org.usermem.mm.numa.NumaPolicy;

/**
 * Memory policies on a machine with one node: mbind(2), set_mempolicy(2), get_mempolicy(2),
 * move_pages(2), migrate_pages(2); mm/mempolicy.c, mm/migrate.c.
 */
public final class PolicyCalls {
  private static final int MPOL_DEFAULT = 0;
  private static final int MPOL_PREFERRED = 1;
  private static final int MPOL_LOCAL = 4;
  private static final int MPOL_LAST = 6;
  private static final int MPOL_F_STATIC_NODES = 0x8000;
  private static final int MPOL_F_RELATIVE_NODES = 0x4000;
  private static final int MODE_FLAGS = MPOL_F_STATIC_NODES | MPOL_F_RELATIVE_NODES;

  private static final int MPOL_F_NODE = 1;
  private static final int MPOL_F_ADDR = 2;
  private static final int MPOL_F_MEMS_ALLOWED = 4;

  private static final int MPOL_MF_KNOWN = 7;
  private static final int MPOL_MF_MOVE = 2;
  private static final int MPOL_MF_MOVE_ALL = 4;

  private static final long MAXIMUM_NODES = 4096L * 8;
  private static final long ONLY_NODE = 1;
  private static final int PAGES_AT_ONCE = 512;

  private PolicyCalls() {}

  /** mbind(start, len, mode, nmask, maxnode, flags). */
  public static long mbind(Task task, SyscallArguments args) {
    long start = args.asLong(0);
    NumaPolicy policy = policy(task, args.asInt(2), args.asLong(3), args.asLong(4));
    if ((args.asInt(5) & ~MPOL_MF_KNOWN) != 0 || !Addr.isPageAligned(start)) {
      throw LinuxException.of(Errno.EINVAL);
    }
    task.memoryManager().setNumaPolicy(start, args.asLong(1), policy);
    return 0;
  }

  /** set_mempolicy(mode, nmask, maxnode). */
  public static long setMempolicy(Task task, SyscallArguments args) {
    task.parts().setNumaPolicy(policy(task, args.asInt(0), args.asLong(1), args.asLong(2)));
    return 0;
  }

  /** Follows {@code sanitize_mpol_flags} and {@code mpol_new}. */
  private static NumaPolicy policy(Task task, int modeAndFlags, long mask, long maximum) {
    int mode = modeAndFlags & ~MODE_FLAGS;
    int flags = modeAndFlags & MODE_FLAGS;
    if (mode < MPOL_DEFAULT || mode > MPOL_LAST || flags == MODE_FLAGS) {
      throw LinuxException.of(Errno.EINVAL);
    }
    long nodes = nodes(task, mask, maximum);
    boolean empty = nodes == 0;
    boolean sane =
        switch (mode) {
          case MPOL_DEFAULT -> empty;
          case MPOL_LOCAL -> empty && flags == 0;
          case MPOL_PREFERRED -> !empty || flags == 0;
          default -> !empty;
        };
    if (!sane) {
      throw LinuxException.of(Errno.EINVAL);
    }
    return new NumaPolicy(modeAndFlags, nodes);
  }

  /** Copies a mask of nodes, of which there is one ({@code get_nodes}). */
  private static long nodes(Task task, long address, long maximum) {
    long bits = maximum - 1;
    if (bits == 0 || address == 0) {
      return 0;
    }
    if (Long.compareUnsigned(bits, MAXIMUM_NODES) > 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    int words = (int) ((bits + 63) / 64);
    MemorySegment mask = task.scratch(8L * words);
    task.copyInFully(address, mask);
    long nodes = 0;
    for (int i = 0; i < words; i++) {
      long word = mask.get(JAVA_LONG_UNALIGNED, 8L * i);
      if (i == words - 1 && bits % 64 != 0) {
        word &= (1L << bits % 64) - 1;
      }
      if (word != 0 && (i > 0 || (word & ~ONLY_NODE) != 0)) {
        throw LinuxException.of(Errno.EINVAL);
      }
      nodes |= word;
    }
    return nodes;
  }

  /** get_mempolicy(policy, nmask, maxnode, addr, flags). */
  public static long getMempolicy(Task task, SyscallArguments args) {
    long address = args.asLong(3);
    long flags = args.asLong(4);
    long mask = args.asLong(1);
    if ((flags & ~(MPOL_F_NODE | MPOL_F_ADDR | MPOL_F_MEMS_ALLOWED)) != 0
        || (mask != 0 && args.asLong(2) < 1)) {
      throw LinuxException.of(Errno.EINVAL);
    }
    int mode;
    long nodes;
    if ((flags & MPOL_F_MEMS_ALLOWED) != 0) {
      if ((flags & (MPOL_F_NODE | MPOL_F_ADDR)) != 0) {
        throw LinuxException.of(Errno.EINVAL);
      }
      mode = 0;
      nodes = ONLY_NODE;
    } else {
      boolean ofAddress = (flags & MPOL_F_ADDR) != 0;
      if (!ofAddress && address != 0) {
        throw LinuxException.of(Errno.EINVAL);
      }
      NumaPolicy policy =
          ofAddress ? task.memoryManager().numaPolicyAt(address) : task.parts().numaPolicy();
      mode = policy.mode();
      nodes = policy.nodeMask();
      if ((flags & MPOL_F_NODE) != 0) {
        // The node of a page, or of the next page of an interleaved policy: there is one.
        boolean interleaves = (mode & ~MODE_FLAGS) == 3 || (mode & ~MODE_FLAGS) == MPOL_LAST;
        if (!ofAddress && !interleaves) {
          throw LinuxException.of(Errno.EINVAL);
        }
        mode = 0;
      }
    }
    if (args.asLong(0) != 0) {
      task.copyOutInt(args.asLong(0), mode);
    }
    if (mask != 0) {
      copyOutNodes(task, mask, args.asLong(2), nodes);
    }
    return 0;
  }

  private static void copyOutNodes(Task task, long address, long maximum, long nodes) {
    long bits = Math.min(maximum - 1, MAXIMUM_NODES);
    int words = (int) ((bits + 63) / 64);
    if (words == 0) {
      return;
    }
    MemorySegment mask = task.scratch(8L * words);
    mask.fill((byte) 0);
    mask.set(JAVA_LONG_UNALIGNED, 0, nodes);
    task.copyOutFully(address, mask);
  }

  /** set_mempolicy_home_node(start, len, home_node, flags). */
  public static long setHomeNode(SyscallArguments args) {
    long start = args.asLong(0);
    if (!Addr.isPageAligned(start) || args.asLong(3) != 0 || args.asLong(2) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    return 0;
  }

  /** migrate_pages(pid, maxnode, old_nodes, new_nodes): there is nowhere to migrate to. */
  public static long migratePages(Task task, SyscallArguments args) {
    int pid = args.asInt(0);
    nodes(task, args.asLong(2), args.asLong(1));
    nodes(task, args.asLong(3), args.asLong(1));
    if (pid != 0) {
      task.relations().checkMayAccess(Targets.task(task, pid), false);
    }
    return 0;
  }

  /** move_pages(pid, nr_pages, pages, nodes, status, flags). */
  public static long movePages(Task task, SyscallArguments args) {
    int pid = args.asInt(0);
    long count = args.asLong(1);
    int flags = args.asInt(5);
    if ((flags & ~(MPOL_MF_MOVE | MPOL_MF_MOVE_ALL)) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if ((flags & MPOL_MF_MOVE_ALL) != 0 && !task.credentials().has(Capability.SYS_NICE)) {
      throw LinuxException.of(Errno.EPERM);
    }
    Task target = pid == 0 ? task : Targets.task(task, pid);
    try (MemoryUse use = target.useMemory()) {
      for (long done = 0; Long.compareUnsigned(done, count) < 0; done += PAGES_AT_ONCE) {
        if (task.isKilled()) {
          throw LinuxException.of(Errno.EINTR);
        }
        long rest = count - done;
        int chunk = rest < 0 || rest > PAGES_AT_ONCE ? PAGES_AT_ONCE : (int) rest;
        movePages(task, use.memory(), args, done, chunk);
      }
    }
    return 0;
  }

  /** Says of each page that it is on the one node, or why it is not. */
  private static void movePages(
      Task task, MemoryManager memory, SyscallArguments args, long first, int count) {
    long[] pages = new long[count];
    task.copyInFully(args.asLong(2) + 8 * first, MemorySegment.ofArray(pages));
    int[] wanted = new int[count];
    boolean moves = args.asLong(3) != 0;
    if (moves) {
      task.copyInFully(args.asLong(3) + 4 * first, MemorySegment.ofArray(wanted));
    }
    int[] status = new int[count];
    byte[] resident = new byte[1];
    for (int i = 0; i < count; i++) {
      if (moves && wanted[i] != 0) {
        throw LinuxException.of(Errno.ENODEV);
      }
      try {
        memory.mincore(Addr.pageRoundDown(pages[i]), resident);
        status[i] = resident[0] != 0 ? 0 : -Errno.ENOENT.number();
      } catch (LinuxException e) {
        status[i] = -Errno.EFAULT.number();
      }
    }
    task.copyOutFully(args.asLong(4) + 4 * first, MemorySegment.ofArray(status));
  }
}
