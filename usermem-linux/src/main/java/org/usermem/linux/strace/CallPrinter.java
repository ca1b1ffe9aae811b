package org.usermem.linux.strace;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;

/**
 * Turns a system call and its result into a line. What a call takes is shown as it was on entry,
 * what it gives as it is on return, so a call is printed in two steps. Thread-safe.
 */
public final class CallPrinter {
  private final CallTable table;
  private final Symbols symbols = new Symbols();

  /** Makes a printer for the calls of a table. */
  public CallPrinter(CallTable table) {
    this.table = table;
  }

  /** A call whose arguments given have been shown, and which has not returned. */
  public final class Pending {
    private final int number;
    private final long[] arguments;
    private final String[] shown;

    private Pending(int number, long[] arguments, String[] shown) {
      this.number = number;
      this.arguments = arguments;
      this.shown = shown;
    }

    /** The line so far, for a call that doesn't return or takes long. */
    public String unfinished() {
      StringBuilder line = new StringBuilder(table.name(number)).append('(');
      for (int i = 0; i < shown.length && !shown[i].isEmpty(); i++) {
        line.append(i == 0 ? "" : ", ").append(shown[i]);
      }
      return line.append(" <unfinished ...>").toString();
    }

    /**
     * The whole line.
     *
     * @param result what the program gets in rax: an errno negated, or a value
     */
    public String finished(long result, ProgramMemory memory) {
      CallTable.Call call = table.find(number);
      ArgumentPrinter printer = new ArgumentPrinter(symbols, memory, arguments);
      StringBuilder line = new StringBuilder(table.name(number)).append('(');
      for (int i = 0; i < shown.length; i++) {
        String text = shown[i];
        if (text.isEmpty() && call != null) {
          text = printer.got(call.arguments().get(i), i, result);
        }
        line.append(i == 0 ? "" : ", ").append(text);
      }
      line.append(") = ");
      String format = call == null ? null : call.result();
      return line.append(result(format, result)).toString();
    }
  }

  /** Shows what a call is given. */
  public Pending entered(int number, long[] arguments, ProgramMemory memory) {
    CallTable.Call call = table.find(number);
    ArgumentPrinter printer = new ArgumentPrinter(symbols, memory, arguments);
    List<String> formats = call == null ? List.of("x", "x", "x", "x", "x", "x") : call.arguments();
    String[] shown = new String[formats.size()];
    for (int i = 0; i < shown.length; i++) {
      String format = formats.get(i);
      shown[i] = format.startsWith(">") ? "" : printer.given(format, i);
    }
    return new Pending(number, arguments.clone(), shown);
  }

  private static String result(@Nullable String format, long result) {
    if (result < 0 && result > -4096) {
      int number = (int) -result;
      if (!Errno.isKnown(number)) {
        return "? " + result;
      }
      Errno errno = Errno.of(number);
      return "-1 " + errno.name() + " (" + errno.description() + ")";
    }
    if (format == null) {
      return Long.toString(result);
    }
    return format.equals("o") ? "0" + Long.toOctalString(result) : "0x" + Long.toHexString(result);
  }
}
