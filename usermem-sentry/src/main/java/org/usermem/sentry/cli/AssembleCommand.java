package org.usermem.sentry.cli;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.usermem.sentry.assembly.Assembly;
import org.usermem.sentry.assembly.AssemblyException;
import org.usermem.sentry.assembly.AssemblyFile;
import org.usermem.sentry.assembly.AssemblyReader;
import org.usermem.sentry.assembly.ConfigurationValue;
import org.usermem.sentry.assembly.PluginServices;
import org.usermem.sentry.plugin.PluginEvent;
import org.usermem.sentry.plugin.PluginException;
import org.usermem.sentry.text.TextException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code usermem assemble}: puts an assembly together, shows it, and takes it apart again. */
final class AssembleCommand implements Callable<Integer> {

  private final CommandSpec spec;

  private AssembleCommand() {
    spec = CommandSpec.wrapWithoutInspection(this);
  }

  static CommandSpec spec() {
    CommandSpec spec = new AssembleCommand().spec;
    spec.usageMessage()
        .description(
            "Check an assembly file: put it together, without a guest, and show its modules, its"
                + " services, and the rights it grants.",
            "Exits 0 if it holds together, 1 if not.");
    spec.addOption(
        OptionSpec.builder("-h", "--help")
            .usageHelp(true)
            .description("Show this help and exit.")
            .build());
    spec.addOption(
        OptionSpec.builder("--config")
            .paramLabel("PID/KEY=VALUE|FILE")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .description("Configure a component of a plug-in.")
            .build());
    return spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("FILE")
            .type(Path.class)
            .arity("1")
            .description("The assembly file.")
            .build());
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Path path = spec.positionalParameters().getFirst().getValue();
    try {
      AssemblyFile file = AssemblyReader.read(path).withConfiguration(configuration());
      try (Assembly assembly =
          Assembly.start(file, PluginServices.TYPES, event -> violation(event, err))) {
        file.pluginDirectory().ifPresent(assembly::watch);
        print(out, "modules", assembly.describeModules());
        print(out, "services", assembly.describeServices());
        print(out, "rights", assembly.describeRights());
        print(
            out,
            "mounts",
            file.mounts().stream()
                .map(m -> m.type() + " " + m.source() + " at " + m.target())
                .toList());
        print(
            out,
            "configuration",
            file.configuration().entrySet().stream()
                .map(e -> e.getKey() + " " + values(e.getValue()))
                .toList());
      }
      return 0;
    } catch (TextException
        | AssemblyException
        | PluginException
        | IllegalArgumentException
        | UncheckedIOException e) {
      err.println(e.getMessage());
      return 1;
    } finally {
      out.flush();
      err.flush();
    }
  }

  private static Map<String, String> values(Map<String, Object> properties) {
    Map<String, String> texts = new LinkedHashMap<>();
    properties.forEach((key, value) -> texts.put(key, ConfigurationValue.text(value)));
    return texts;
  }

  private List<String> configuration() {
    List<String> words = spec.findOption("--config").getValue();
    return words == null ? List.of() : words;
  }

  private static void violation(PluginEvent event, PrintWriter err) {
    if (event instanceof PluginEvent.Violated || event instanceof PluginEvent.Failed) {
      err.println(event);
    }
  }

  private static void print(PrintWriter out, String title, List<String> lines) {
    out.println(title + ":");
    lines.forEach(l -> out.println("  " + l));
  }
}
