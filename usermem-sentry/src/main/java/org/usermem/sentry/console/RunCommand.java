package org.usermem.sentry.console;

import java.util.List;

/** {@code run}. */
final class RunCommand implements Command {

  private static final int MOST_WORDS = 200;

  private final ProgramStarter starter;

  RunCommand(ProgramStarter starter) {
    this.starter = starter;
  }

  @Override
  public String name() {
    return "run";
  }

  @Override
  public String usage() {
    return "PROGRAM [ARGUMENT...]";
  }

  @Override
  public String summary() {
    return "Runs a program; in the background, if the line ends in &.";
  }

  @Override
  public void run(List<String> arguments, Answer answer) {
    Words.require(this, arguments, 1, MOST_WORDS);
    int code = starter.run(arguments, answer::isOver);
    if (code != 0) {
      answer.line(arguments.getFirst() + " exits with " + code);
    }
  }
}
