package org.usermem.linux.misc;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.access.Capability;
import org.usermem.kernel.Kernel;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.kernel.namespace.UtsNamespace;
import org.usermem.linux.system.LinuxSystem;
import org.usermem.linux.system.LinuxVersion;
import org.usermem.platform.memory.MemoryUsage;
import org.usermem.sequence.Sink;

/** uname(2), sysinfo(2), getrandom(2), sethostname(2), getcpu(2), syslog(2). */
public final class SystemCalls {
  private static final int NAME_BYTE_COUNT = 65;
  private static final int UTSNAME_BYTE_COUNT = 6 * NAME_BYTE_COUNT;
  private static final int SYSINFO_BYTE_COUNT = 112;
  private static final int MAXIMUM_NAME = 64;

  private static final int GRND_INSECURE = 4;
  private static final int GRND_RANDOM = 2;
  private static final int KNOWN_RANDOM_FLAGS = 7;
  private static final int CHUNK = 4096;

  private static final int SYSLOG_READ = 2;
  private static final int SYSLOG_READ_ALL = 3;
  private static final int SYSLOG_READ_CLEAR = 4;
  private static final int SYSLOG_CONSOLE_LEVEL = 8;
  private static final int SYSLOG_SIZE_BUFFER = 10;
  private static final int SYSLOG_LEVELS = 8;
  private static final int SYSLOG_BUFFER = 1 << 18;

  private static final int REBOOT_MAGIC = 0xfee1dead;
  private static final Set<Integer> REBOOT_DATES =
      Set.of(0x28121969, 0x05121996, 0x16041998, 0x20112000);
  private static final int REBOOT_CTRL_ALT_DEL_ON = 0x89abcdef;
  private static final int REBOOT_CTRL_ALT_DEL_OFF = 0;

  private SystemCalls() {}

  /** uname(buf). */
  public static long uname(Task task, SyscallArguments args) {
    MemorySegment names = task.scratch(UTSNAME_BYTE_COUNT);
    names.fill((byte) 0);
    UtsNamespace uts = task.parts().namespaces().uts();
    put(names, 0, LinuxVersion.SYSTEM);
    put(names, 1, uts.hostName());
    put(names, 2, LinuxVersion.RELEASE);
    put(names, 3, LinuxVersion.BUILD);
    put(names, 4, LinuxVersion.MACHINE);
    put(names, 5, uts.domainName());
    task.copyOutFully(args.asLong(0), names);
    return 0;
  }

  private static void put(MemorySegment names, int index, String name) {
    byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
    int length = Math.min(bytes.length, NAME_BYTE_COUNT - 1);
    MemorySegment.copy(
        MemorySegment.ofArray(bytes), 0, names, (long) index * NAME_BYTE_COUNT, length);
  }

  /** sethostname(name, len). */
  public static long sethostname(Task task, SyscallArguments args) {
    task.parts().namespaces().uts().setHostName(name(task, args));
    return 0;
  }

  /** setdomainname(name, len). */
  public static long setdomainname(Task task, SyscallArguments args) {
    task.parts().namespaces().uts().setDomainName(name(task, args));
    return 0;
  }

  private static String name(Task task, SyscallArguments args) {
    if (!task.credentials().has(Capability.SYS_ADMIN)) {
      throw LinuxException.of(Errno.EPERM);
    }
    int length = args.asInt(1);
    if (length < 0 || length > MAXIMUM_NAME) {
      throw LinuxException.of(Errno.EINVAL);
    }
    byte[] name = new byte[length];
    task.copyInFully(args.asLong(0), MemorySegment.ofArray(name));
    int end = 0;
    while (end < length && name[end] != 0) {
      end++;
    }
    return new String(name, 0, end, StandardCharsets.ISO_8859_1);
  }

  /** sysinfo(info). */
  public static long sysinfo(Task task, SyscallArguments args) {
    Kernel kernel = task.kernel();
    MemoryUsage usage = kernel.memoryFile().usage();
    long seconds = (System.nanoTime() - kernel.startNanos()) / 1_000_000_000L;
    MemorySegment info = task.scratch(SYSINFO_BYTE_COUNT);
    info.fill((byte) 0);
    info.set(JAVA_LONG_UNALIGNED, 0, seconds);
    long total = SystemMemory.totalBytes(kernel);
    info.set(JAVA_LONG_UNALIGNED, 32, total);
    info.set(JAVA_LONG_UNALIGNED, 40, Math.max(0, total - usage.allocated()));
    info.set(JAVA_SHORT_UNALIGNED, 80, (short) Math.min(kernel.tasksNow().size(), 0xffff));
    info.set(JAVA_INT_UNALIGNED, 104, 1);
    task.copyOutFully(args.asLong(0), info);
    return 0;
  }

  /** getrandom(buf, count, flags). */
  public static long getrandom(Task task, SyscallArguments args) {
    int flags = args.asInt(2);
    if ((flags & ~KNOWN_RANDOM_FLAGS) != 0
        || (flags & (GRND_INSECURE | GRND_RANDOM)) == (GRND_INSECURE | GRND_RANDOM)) {
      throw LinuxException.of(Errno.EINVAL);
    }
    Sink sink = task.singleSink(args.asLong(0), args.asLong(1));
    byte[] chunk = new byte[(int) Math.min(CHUNK, sink.numBytes())];
    long done = 0;
    while (done < sink.numBytes()) {
      int wanted = (int) Math.min(chunk.length, sink.numBytes() - done);
      LinuxSystem.of(task).entropy().fill(chunk, wanted);
      long copied;
      try {
        copied = sink.dropFirst(done).copyOut(MemorySegment.ofArray(chunk), 0, wanted);
      } catch (LinuxException e) {
        if (done > 0) {
          return done;
        }
        throw e;
      }
      done += copied;
      if (copied < wanted || task.signals().isInterrupted()) {
        break;
      }
    }
    return done;
  }

  /** getcpu(cpu, node, cache). */
  public static long getcpu(Task task, SyscallArguments args) {
    if (args.asLong(0) != 0) {
      int processor = Math.max(0, task.parts().affinity().nextSetBit(0));
      task.copyOutInt(args.asLong(0), processor);
    }
    if (args.asLong(1) != 0) {
      task.copyOutInt(args.asLong(1), 0);
    }
    return 0;
  }

  /** syslog(type, buf, len): an empty kernel log. */
  public static long syslog(Task task, SyscallArguments args) {
    int type = args.asInt(0);
    boolean readsAll = type == SYSLOG_READ_ALL || type == SYSLOG_SIZE_BUFFER;
    if (!readsAll && !task.credentials().has(Capability.SYSLOG)) {
      throw LinuxException.of(Errno.EPERM);
    }
    int length = args.asInt(2);
    return switch (type) {
      case SYSLOG_READ, SYSLOG_READ_ALL, SYSLOG_READ_CLEAR -> {
        if (args.asLong(1) == 0 || length < 0) {
          throw LinuxException.of(Errno.EINVAL);
        }
        yield 0;
      }
      case SYSLOG_CONSOLE_LEVEL -> {
        if (length < 1 || length > SYSLOG_LEVELS) {
          throw LinuxException.of(Errno.EINVAL);
        }
        yield 0;
      }
      case SYSLOG_SIZE_BUFFER -> SYSLOG_BUFFER;
      default -> {
        if (type < 0 || type > SYSLOG_SIZE_BUFFER) {
          throw LinuxException.of(Errno.EINVAL);
        }
        yield 0;
      }
    };
  }

  /**
   * reboot(magic1, magic2, cmd, arg): what Ctrl-Alt-Del does can be chosen, as there is none; a
   * guest can't end its machine but by the end of its first process.
   */
  public static long reboot(Task task, SyscallArguments args) {
    if (!task.credentials().has(Capability.SYS_BOOT)) {
      throw LinuxException.of(Errno.EPERM);
    }
    boolean isMeant = args.asInt(0) == REBOOT_MAGIC && REBOOT_DATES.contains(args.asInt(1));
    int command = args.asInt(2);
    if (isMeant && (command == REBOOT_CTRL_ALT_DEL_ON || command == REBOOT_CTRL_ALT_DEL_OFF)) {
      return 0;
    }
    throw LinuxException.of(Errno.EINVAL);
  }
}
