package org.usermem.linux.strace;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.usermem.kernel.signal.Signals;

/** Shows single arguments of one call; the formats are explained in {@code system-calls.txt}. */
final class ArgumentPrinter {
  private static final int SHOWN_BYTES = 32;
  private static final int SHOWN_ELEMENTS = 32;
  private static final int AT_FDCWD = -100;

  private final Symbols symbols;
  private final ProgramMemory memory;
  private final long[] arguments;
  private final StructurePrinter structures;

  ArgumentPrinter(Symbols symbols, ProgramMemory memory, long[] arguments) {
    this.symbols = symbols;
    this.memory = memory;
    this.arguments = arguments;
    this.structures = new StructurePrinter(symbols);
  }

  /** Shows what argument {@code index} is on entry. */
  String given(String format, int index) {
    long value = arguments[index];
    int colon = format.indexOf(':');
    String kind = colon < 0 ? format : format.substring(0, colon);
    String parameter = colon < 0 ? "" : format.substring(colon + 1);
    return switch (kind) {
      case "d", "fd" -> Integer.toString((int) value);
      case "u" -> Integer.toUnsignedString((int) value);
      case "l" -> Long.toString(value);
      case "ul" -> Long.toUnsignedString(value);
      case "x" -> value == 0 ? "0" : "0x" + Long.toHexString(value);
      case "p" -> pointer(value);
      case "o" -> "0" + Integer.toOctalString((int) value);
      case "at" -> (int) value == AT_FDCWD ? "AT_FDCWD" : Integer.toString((int) value);
      case "sig" -> Signals.name((int) value);
      case "e" -> symbols.constant(parameter, parameter.equals("madvise") ? value : (int) value);
      case "f" -> symbols.flags(parameter, value & 0xffff_ffffL);
      case "s" -> string(value);
      case "b" -> bytes(value, arguments[Integer.parseInt(parameter)]);
      case "iov" -> vector(value, (int) arguments[Integer.parseInt(parameter)], Long.MAX_VALUE);
      case "av" -> strings(value, true);
      case "ev" -> strings(value, false);
      case "pfd" -> pollDescriptors(value, (int) arguments[Integer.parseInt(parameter)]);
      default -> structure(kind, value);
    };
  }

  /** Shows what argument {@code index} points to after the call. */
  String got(String format, int index, long result) {
    long value = arguments[index];
    String kind = format.substring(1);
    boolean failed = result < 0 && result > -4096;
    if (failed || value == 0) {
      return pointer(value);
    }
    if (kind.startsWith("iov:")) {
      return vector(value, (int) arguments[Integer.parseInt(kind.substring(4))], result);
    }
    return switch (kind) {
      case "b" -> bytes(value, result);
      case "epe" -> events(value, (int) result);
      default -> structure(kind, value);
    };
  }

  static String pointer(long value) {
    return value == 0 ? "NULL" : "0x" + Long.toHexString(value);
  }

  private String structure(String kind, long address) {
    if (address == 0) {
      return "NULL";
    }
    int byteCount = StructurePrinter.byteCount(kind);
    MemorySegment bytes = read(address, byteCount);
    return bytes == null ? pointer(address) : structures.show(kind, bytes);
  }

  private @Nullable MemorySegment read(long address, int byteCount) {
    MemorySegment bytes = MemorySegment.ofArray(new byte[byteCount]);
    return memory.copyIn(address, bytes) == byteCount ? bytes : null;
  }

  private String bytes(long address, long byteCount) {
    if (address == 0) {
      return "NULL";
    }
    int shown = (int) Math.max(0, Math.min(byteCount, SHOWN_BYTES));
    byte[] buffer = new byte[shown];
    if (memory.copyIn(address, MemorySegment.ofArray(buffer)) < shown) {
      return pointer(address);
    }
    return quote(buffer, shown) + (byteCount > shown ? "..." : "");
  }

  private String string(long address) {
    if (address == 0) {
      return "NULL";
    }
    byte[] buffer = new byte[4096];
    int length = (int) memory.copyIn(address, MemorySegment.ofArray(buffer));
    for (int i = 0; i < length; i++) {
      if (buffer[i] == 0) {
        return quote(buffer, i);
      }
    }
    return length == 0 ? pointer(address) : quote(buffer, Math.min(length, SHOWN_BYTES)) + "...";
  }

  private String strings(long address, boolean all) {
    if (address == 0) {
      return "NULL";
    }
    StringBuilder text = new StringBuilder("[");
    int count = 0;
    for (; count < 4096; count++) {
      MemorySegment entry = read(address + 8L * count, 8);
      if (entry == null) {
        return pointer(address);
      }
      long string = entry.get(JAVA_LONG_UNALIGNED, 0);
      if (string == 0) {
        break;
      }
      if (all && count <= SHOWN_ELEMENTS) {
        text.append(count == 0 ? "" : ", ");
        text.append(count == SHOWN_ELEMENTS ? "..." : string(string));
      }
    }
    return all ? text.append(']').toString() : pointer(address) + " /* " + count + " vars */";
  }

  private String vector(long address, int count, long byteCount) {
    StringBuilder text = new StringBuilder("[");
    long left = byteCount;
    for (int i = 0; i < count && i <= SHOWN_ELEMENTS; i++) {
      MemorySegment entry = read(address + 16L * i, 16);
      if (entry == null) {
        return pointer(address);
      }
      long length = entry.get(JAVA_LONG_UNALIGNED, 8);
      text.append(i == 0 ? "" : ", ");
      if (i == SHOWN_ELEMENTS) {
        text.append("...");
      } else {
        text.append("{iov_base=")
            .append(bytes(entry.get(JAVA_LONG_UNALIGNED, 0), Math.min(left, length)))
            .append(", iov_len=")
            .append(Long.toUnsignedString(length))
            .append('}');
        left -= Math.min(left, length);
      }
    }
    return text.append(']').toString();
  }

  private String pollDescriptors(long address, int count) {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < count && i <= SHOWN_ELEMENTS; i++) {
      MemorySegment entry = read(address + 8L * i, 8);
      if (entry == null) {
        return pointer(address);
      }
      text.append(i == 0 ? "" : ", ");
      if (i == SHOWN_ELEMENTS) {
        text.append("...");
      } else {
        long events = entry.get(JAVA_INT_UNALIGNED, 4) & 0xffffL;
        text.append("{fd=").append(entry.get(JAVA_INT_UNALIGNED, 0));
        text.append(", events=").append(symbols.flags("poll", events)).append('}');
      }
    }
    return text.append(']').toString();
  }

  private String events(long address, int count) {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < count && i <= SHOWN_ELEMENTS; i++) {
      MemorySegment entry = read(address + 12L * i, 12);
      if (entry == null) {
        return pointer(address);
      }
      text.append(i == 0 ? "" : ", ");
      text.append(i == SHOWN_ELEMENTS ? "..." : structures.show("epe", entry));
    }
    return text.append(']').toString();
  }

  private static String quote(byte[] bytes, int length) {
    StringBuilder text = new StringBuilder(length + 2).append('"');
    for (int i = 0; i < length; i++) {
      int b = bytes[i] & 0xff;
      switch (b) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\t' -> text.append("\\t");
        case '\r' -> text.append("\\r");
        default -> {
          boolean digitNext = i + 1 < length && bytes[i + 1] >= '0' && bytes[i + 1] <= '7';
          if (b >= ' ' && b < 0x7f) {
            text.append((char) b);
          } else {
            // A short escape would swallow a digit that follows.
            String octal = Integer.toOctalString(b);
            text.append('\\').append(digitNext ? "000".substring(octal.length()) : "");
            text.append(octal);
          }
        }
      }
    }
    return text.append('"').toString();
  }
}
