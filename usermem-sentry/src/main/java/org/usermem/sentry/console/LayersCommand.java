package org.usermem.sentry.console;

import java.util.List;
import java.util.Optional;
import org.usermem.sentry.assembly.Assembly;

/** {@code layers}. */
final class LayersCommand implements Command {

  private final Optional<Assembly> assembly;

  LayersCommand(Optional<Assembly> assembly) {
    this.assembly = assembly;
  }

  @Override
  public String name() {
    return "layers";
  }

  @Override
  public String usage() {
    return "";
  }

  @Override
  public String summary() {
    return "Lists the modules, each with its layer and what it requires.";
  }

  @Override
  public void run(List<String> arguments, Answer answer) {
    Words.require(this, arguments, 0, 0);
    assembly.map(Assembly::describeModules).orElseGet(Assembly::describeCore).forEach(answer::line);
    assembly.map(Assembly::describeRights).orElse(List.of()).forEach(answer::line);
  }
}
