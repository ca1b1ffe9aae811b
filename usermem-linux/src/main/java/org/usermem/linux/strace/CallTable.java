package org.usermem.linux.strace;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known of each system call: its name and what its arguments are. */
public final class CallTable {
  /**
   * One system call.
   *
   * @param number its number
   * @param name its name
   * @param arguments a format for each argument
   * @param result the format of its result, or null for a decimal number
   */
  record Call(int number, String name, List<String> arguments, @Nullable String result) {}

  private final Map<Integer, Call> calls = new HashMap<>();

  /** Reads the table. */
  public CallTable() {
    for (String line : Resource.lines("system-calls.txt")) {
      String[] halves = line.split(" = ", 2);
      List<String> words = Arrays.asList(halves[0].split(" "));
      int number = Integer.parseInt(words.get(0));
      String result = halves.length == 2 ? halves[1] : null;
      calls.put(
          number,
          new Call(number, words.get(1), List.copyOf(words.subList(2, words.size())), result));
    }
  }

  @Nullable Call find(int number) {
    return calls.get(number);
  }

  /** The name of a call; {@code syscall_0x...} where Linux has none of that number. */
  public String name(int number) {
    Call call = calls.get(number);
    return call != null ? call.name() : "syscall_0x" + Integer.toHexString(number);
  }
}
