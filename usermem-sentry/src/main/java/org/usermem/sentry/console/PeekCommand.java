package org.usermem.sentry.console;

import java.util.List;
import org.usermem.sentry.inspect.Inspection;

/** {@code peek}. */
final class PeekCommand implements Command {

  private static final int USUAL_BYTES = 64;
  private static final int MOST_BYTES = 65536;
  private static final int BYTES_PER_LINE = 16;

  private final Inspection inspection;

  PeekCommand(Inspection inspection) {
    this.inspection = inspection;
  }

  @Override
  public String name() {
    return "peek";
  }

  @Override
  public String usage() {
    return "PID ADDRESS [BYTES]";
  }

  @Override
  public String summary() {
    return "Shows memory of a process, whatever its protection.";
  }

  @Override
  public void run(List<String> arguments, Answer answer) {
    Words.require(this, arguments, 2, 3);
    int pid = Words.process(arguments.get(0));
    long address = Words.address(arguments.get(1));
    int byteCount =
        arguments.size() < 3
            ? USUAL_BYTES
            : Words.number(arguments.get(2), "a count of bytes", MOST_BYTES);
    byte[] bytes =
        inspection
            .peek(pid, address, byteCount)
            .orElseThrow(
                () ->
                    new CommandException("process %d has nothing at 0x%x".formatted(pid, address)));
    for (int at = 0; at < bytes.length; at += BYTES_PER_LINE) {
      answer.line(line(address + at, bytes, at));
    }
  }

  private static String line(long address, byte[] bytes, int at) {
    StringBuilder digits = new StringBuilder();
    StringBuilder text = new StringBuilder();
    for (int i = at; i < at + BYTES_PER_LINE; i++) {
      if (i < bytes.length) {
        digits.append("%02x ".formatted(bytes[i]));
        text.append(bytes[i] >= ' ' && bytes[i] < 0x7f ? (char) bytes[i] : '.');
      } else {
        digits.append("   ");
      }
    }
    return "%012x  %s |%s|".formatted(address, digits, text);
  }

  @Override
  public List<String> next(List<String> before) {
    return switch (before.size()) {
      case 0 -> Words.processes(inspection);
      case 1 ->
          inspection.areas(Words.process(before.getFirst()), false).orElse(List.of()).stream()
              .map(area -> "0x" + Long.toHexString(area.start()))
              .toList();
      default -> List.of();
    };
  }
}
