package org.usermem.linux.strace;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.usermem.kernel.signal.Signals;

/** Shows structures, in strace's form. */
final class StructurePrinter {
  private static final long SIG_ALL = -1L;

  private final Symbols symbols;

  StructurePrinter(Symbols symbols) {
    this.symbols = symbols;
  }

  /** Length of a structure of a kind. */
  static int byteCount(String kind) {
    return switch (kind) {
      case "i", "ws" -> 4;
      case "l", "ss", "fds" -> 8;
      case "epe" -> 12;
      case "ts", "tv", "rl" -> 16;
      case "its", "itv", "sa" -> 32;
      case "st", "ru" -> 144;
      case "stx" -> 256;
      case "un" -> 390;
      default -> throw new IllegalArgumentException("system-calls.txt has no format " + kind);
    };
  }

  /** Shows a structure. */
  String show(String kind, MemorySegment s) {
    return switch (kind) {
      case "i" -> "[" + s.get(JAVA_INT_UNALIGNED, 0) + "]";
      case "l" -> "[" + s.get(JAVA_LONG_UNALIGNED, 0) + "]";
      case "fds" -> "[" + s.get(JAVA_INT_UNALIGNED, 0) + ", " + s.get(JAVA_INT_UNALIGNED, 4) + "]";
      case "ws" -> waitStatus(s.get(JAVA_INT_UNALIGNED, 0));
      case "ss" -> signalSet(s.get(JAVA_LONG_UNALIGNED, 0));
      case "epe" -> {
        String events = symbols.flags("epoll", s.get(JAVA_INT_UNALIGNED, 0) & 0xffff_ffffL);
        yield "{events="
            + events
            + ", data=0x"
            + Long.toHexString(s.get(JAVA_LONG_UNALIGNED, 4))
            + "}";
      }
      case "ts" -> time(s, 0, "tv_nsec");
      case "tv" -> time(s, 0, "tv_usec");
      case "its" ->
          "{it_interval=" + time(s, 0, "tv_nsec") + ", it_value=" + time(s, 16, "tv_nsec") + "}";
      case "itv" ->
          "{it_interval=" + time(s, 0, "tv_usec") + ", it_value=" + time(s, 16, "tv_usec") + "}";
      case "rl" -> "{rlim_cur=" + limit(s, 0) + ", rlim_max=" + limit(s, 8) + "}";
      case "sa" -> action(s);
      case "st" -> stat(s);
      case "stx" -> statx(s);
      case "ru" ->
          "{ru_utime=" + time(s, 0, "tv_usec") + ", ru_stime=" + time(s, 16, "tv_usec") + ", ...}";
      case "un" -> "{sysname=" + text(s, 0) + ", nodename=" + text(s, 65) + ", ...}";
      default -> throw new IllegalArgumentException("system-calls.txt has no format " + kind);
    };
  }

  private static String time(MemorySegment s, long at, String fraction) {
    long seconds = s.get(JAVA_LONG_UNALIGNED, at);
    return "{tv_sec=" + seconds + ", " + fraction + "=" + s.get(JAVA_LONG_UNALIGNED, at + 8) + "}";
  }

  private static String limit(MemorySegment s, long at) {
    long limit = s.get(JAVA_LONG_UNALIGNED, at);
    if (limit == -1) {
      return "RLIM64_INFINITY";
    }
    return limit != 0 && limit % 1024 == 0 ? limit / 1024 + "*1024" : Long.toUnsignedString(limit);
  }

  static String signalSet(long set) {
    long shown = set;
    String prefix = "[";
    if (Long.bitCount(set) > 32) {
      shown = ~set;
      prefix = "~[";
    }
    if (set == SIG_ALL) {
      return "~[]";
    }
    StringBuilder text = new StringBuilder(prefix);
    for (long rest = shown; rest != 0; rest &= rest - 1) {
      String name = Signals.name(Long.numberOfTrailingZeros(rest) + 1);
      text.append(text.length() == prefix.length() ? "" : " ");
      text.append(name.startsWith("SIG") ? name.substring(3) : name);
    }
    return text.append(']').toString();
  }

  private String action(MemorySegment s) {
    long handler = s.get(JAVA_LONG_UNALIGNED, 0);
    String name =
        handler == 0 ? "SIG_DFL" : handler == 1 ? "SIG_IGN" : "0x" + Long.toHexString(handler);
    return "{sa_handler="
        + name
        + ", sa_mask="
        + signalSet(s.get(JAVA_LONG_UNALIGNED, 24))
        + ", sa_flags="
        + symbols.flags("saflags", s.get(JAVA_LONG_UNALIGNED, 8))
        + "}";
  }

  private static String waitStatus(int status) {
    int signal = status & 0x7f;
    if (signal == 0) {
      return "[{WIFEXITED(s) && WEXITSTATUS(s) == " + (status >> 8 & 0xff) + "}]";
    }
    if (signal == 0x7f) {
      return status == 0xffff
          ? "[{WIFCONTINUED(s)}]"
          : "[{WIFSTOPPED(s) && WSTOPSIG(s) == " + Signals.name(status >> 8 & 0xff) + "}]";
    }
    String core = (status & 0x80) != 0 ? " && WCOREDUMP(s)" : "";
    return "[{WIFSIGNALED(s) && WTERMSIG(s) == " + Signals.name(signal) + core + "}]";
  }

  private static String stat(MemorySegment s) {
    return "{st_mode="
        + mode(s.get(JAVA_INT_UNALIGNED, 24))
        + ", "
        + size(s, 24, 48, 40)
        + ", ...}";
  }

  private static String statx(MemorySegment s) {
    int mode = s.get(JAVA_INT_UNALIGNED, 28) & 0xffff;
    return "{stx_mode=" + mode(mode) + ", stx_size=" + s.get(JAVA_LONG_UNALIGNED, 40) + ", ...}";
  }

  private static String size(MemorySegment s, long modeAt, long sizeAt, long deviceAt) {
    int type = s.get(JAVA_INT_UNALIGNED, modeAt) & 0xf000;
    if (type == 0x2000 || type == 0x6000) {
      long device = s.get(JAVA_LONG_UNALIGNED, deviceAt);
      return "st_rdev=makedev(0x"
          + Long.toHexString(device >> 8 & 0xfff)
          + ", 0x"
          + Long.toHexString((device & 0xff) | ((device >> 12) & 0xfff00))
          + ")";
    }
    return "st_size=" + s.get(JAVA_LONG_UNALIGNED, sizeAt);
  }

  private static String mode(int mode) {
    String type =
        switch (mode & 0xf000) {
          case 0xc000 -> "S_IFSOCK";
          case 0xa000 -> "S_IFLNK";
          case 0x8000 -> "S_IFREG";
          case 0x6000 -> "S_IFBLK";
          case 0x4000 -> "S_IFDIR";
          case 0x2000 -> "S_IFCHR";
          case 0x1000 -> "S_IFIFO";
          default -> "0" + Integer.toOctalString(mode & 0xf000);
        };
    return type + "|0" + Integer.toOctalString(mode & 07777);
  }

  private static String text(MemorySegment s, long at) {
    return '"' + s.getString(at, StandardCharsets.ISO_8859_1) + '"';
  }
}
