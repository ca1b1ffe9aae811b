package org.usermem.sentry.console;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.usermem.sentry.assembly.Assembly;
import org.usermem.sentry.plugin.PluginStatus;
import org.usermem.sentry.plugin.Plugins;

/** {@code plugins}. */
final class PluginsCommand implements Command {

  private final Optional<Assembly> assembly;

  PluginsCommand(Optional<Assembly> assembly) {
    this.assembly = assembly;
  }

  @Override
  public String name() {
    return "plugins";
  }

  @Override
  public String usage() {
    return "[start|stop|uninstall NAME | install|update FILE]";
  }

  @Override
  public String summary() {
    return "Lists the plug-ins, or changes one.";
  }

  @Override
  public void run(List<String> arguments, Answer answer) {
    if (arguments.isEmpty()) {
      assembly.map(a -> a.plugins().list()).orElse(List.of()).forEach(p -> answer.line(line(p)));
      return;
    }
    Words.require(this, arguments, 2, 2);
    Plugins plugins =
        assembly
            .map(Assembly::plugins)
            .orElseThrow(
                () -> new CommandException("this sentry runs without --plugins or --assembly"));
    String name = arguments.get(1);
    switch (arguments.getFirst()) {
      case "start" -> answer.line(line(plugins.start(name)));
      case "stop" -> answer.line(line(plugins.stop(name)));
      case "uninstall" -> plugins.uninstall(name);
      case "install" -> answer.line(line(plugins.install(Path.of(name).toAbsolutePath())));
      case "update" -> answer.line(line(plugins.update(Path.of(name).toAbsolutePath())));
      default -> Words.require(this, List.of(), 2, 2);
    }
  }

  private static String line(PluginStatus plugin) {
    return "%-24s %-10s layers %s, services %s%s"
        .formatted(
            plugin.name(),
            plugin.state(),
            plugin.layers(),
            plugin.services(),
            plugin.grants().isEmpty() ? "" : ", grants " + plugin.grants());
  }

  @Override
  public List<String> next(List<String> before) {
    return switch (before.size()) {
      case 0 -> List.of("start", "stop", "uninstall", "install", "update");
      case 1 ->
          assembly.map(a -> a.plugins().list()).orElse(List.of()).stream()
              .map(PluginStatus::name)
              .toList();
      default -> List.of();
    };
  }
}
