package org.usermem.sentry.console;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.usermem.errno.LinuxException;
import org.usermem.sentry.assembly.Assembly;
import org.usermem.sentry.inspect.Inspection;
import org.usermem.sentry.plugin.PluginException;

/** All commands. Thread-safe. */
public final class Console {

  private final Map<String, Command> commands = new LinkedHashMap<>();

  /**
   * Creates the console of a sentry.
   *
   * @param inspection looks at the sentry
   * @param assembly its plug-ins, if it has an assembly
   * @param starter starts programs in it, if that is wanted
   */
  public Console(
      Inspection inspection, Optional<Assembly> assembly, Optional<ProgramStarter> starter) {
    starter.ifPresent(s -> add(new RunCommand(s)));
    add(new ProcessesCommand(inspection));
    add(new MapsCommand(inspection));
    add(new MountsCommand(inspection));
    add(new LayersCommand(assembly));
    add(new PeekCommand(inspection));
    add(new TraceCommand(inspection));
    add(new PluginsCommand(assembly));
    add(new StatsCommand());
    add(new HelpCommand(List.copyOf(commands.values())));
  }

  private void add(Command command) {
    commands.put(command.name(), command);
  }

  /**
   * Runs a command.
   *
   * @param words its name, and its arguments
   * @param answer where its text goes
   * @throws CommandException if it can't be done; nothing else is thrown
   */
  public void run(List<String> words, Answer answer) {
    Command command = words.isEmpty() ? null : commands.get(words.getFirst());
    if (command == null) {
      throw new CommandException(
          "there is no command '" + String.join(" ", words) + "'; 'help' lists those there are");
    }
    try {
      command.run(words.subList(1, words.size()), answer);
    } catch (LinuxException | PluginException e) {
      throw new CommandException(command.name() + ": " + e.getMessage());
    }
  }

  /**
   * Returns the words that can come next.
   *
   * @param before the words before, the first of them a command's name
   */
  public List<String> next(List<String> before) {
    if (before.isEmpty()) {
      return List.copyOf(commands.keySet());
    }
    Command command = commands.get(before.getFirst());
    return command == null ? List.of() : command.next(before.subList(1, before.size()));
  }
}
