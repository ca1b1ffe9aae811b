package org.usermem.sentry.console;

import java.util.List;

/** {@code help}. */
final class HelpCommand implements Command {

  private final List<Command> others;

  HelpCommand(List<Command> others) {
    this.others = others;
  }

  @Override
  public String name() {
    return "help";
  }

  @Override
  public String usage() {
    return "[COMMAND]";
  }

  @Override
  public String summary() {
    return "Lists the commands, or says what one does.";
  }

  @Override
  public void run(List<String> arguments, Answer answer) {
    Words.require(this, arguments, 0, 1);
    if (arguments.isEmpty()) {
      others.forEach(c -> answer.line("%-10s %s".formatted(c.name(), c.summary())));
      answer.line("%-10s %s".formatted(name(), summary()));
      return;
    }
    Command command =
        others.stream()
            .filter(c -> c.name().equals(arguments.getFirst()))
            .findFirst()
            .orElseThrow(
                () -> new CommandException("there is no command '" + arguments.getFirst() + "'"));
    answer.line((command.name() + " " + command.usage()).strip());
    answer.line("    " + command.summary());
  }

  @Override
  public List<String> next(List<String> before) {
    return before.isEmpty() ? others.stream().map(Command::name).toList() : List.of();
  }
}
