package org.usermem.sentry.console;

import java.util.List;
import org.usermem.sentry.inspect.Inspection;
import org.usermem.sentry.inspect.ProcessView;

/** What arguments mean. */
final class Words {

  private Words() {}

  /** Fails unless there are so many words. */
  static void require(Command command, List<String> arguments, int least, int most) {
    if (arguments.size() < least || arguments.size() > most) {
      throw new CommandException("usage: " + (command.name() + " " + command.usage()).strip());
    }
  }

  static int process(String word) {
    return number(word, "a process", Integer.MAX_VALUE);
  }

  static int number(String word, String what, int most) {
    try {
      int number = Integer.parseInt(word);
      if (number > 0 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // The message below says it.
    }
    throw new CommandException(
        what
            + " is a number from 1"
            + (most == Integer.MAX_VALUE ? "" : " to " + most)
            + ", not '"
            + word
            + "'");
  }

  static long address(String word) {
    try {
      return word.startsWith("0x")
          ? Long.parseUnsignedLong(word.substring(2), 16)
          : Long.parseUnsignedLong(word, 16);
    } catch (NumberFormatException e) {
      throw new CommandException("an address is hexadecimal, not '" + word + "'");
    }
  }

  static CommandException noProcess(int pid) {
    return new CommandException("there is no process " + pid + " with memory");
  }

  static List<String> processes(Inspection inspection) {
    return inspection.processes().stream().map(ProcessView::id).map(String::valueOf).toList();
  }
}
