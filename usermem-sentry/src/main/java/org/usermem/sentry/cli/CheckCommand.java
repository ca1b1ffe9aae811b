package org.usermem.sentry.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.usermem.sentry.check.CheckReport;
import org.usermem.sentry.check.CoreModules;
import org.usermem.sentry.check.PluginCheck;
import org.usermem.sentry.check.PluginFiles;
import org.usermem.sentry.check.Violation;
import org.usermem.sentry.policy.Placement;
import org.usermem.sentry.policy.Policy;
import org.usermem.sentry.policy.PolicyReader;
import org.usermem.sentry.text.TextException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;

/** {@code usermem check}: reads plug-ins against the layer policy, without running them. */
final class CheckCommand implements Callable<Integer> {

  private final CommandSpec spec;

  private CheckCommand() {
    spec = CommandSpec.wrapWithoutInspection(this);
  }

  static CommandSpec spec() {
    CommandSpec spec = new CheckCommand().spec;
    spec.usageMessage()
        .description(
            "Check plug-ins against the layer policy, without running any of their code.",
            "Prints one line a violation. Exits 0 if all may be let in, 1 if not.");
    spec.addOption(
        OptionSpec.builder("-h", "--help")
            .usageHelp(true)
            .description("Show this help and exit.")
            .build());
    spec.addOption(
        OptionSpec.builder("--policy")
            .paramLabel("FILE")
            .type(Path.class)
            .description("The policy; the built-in one if not given.")
            .build());
    spec.addOption(
        OptionSpec.builder("--layer")
            .paramLabel("NAME")
            .type(String.class)
            .description("Check against this layer, wherever the policy places the file.")
            .build());
    spec.addOption(
        OptionSpec.builder("--with")
            .paramLabel("RIGHT")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .splitRegex(",")
            .description("Rights granted on top of the layer's.")
            .build());
    return spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("PLUGIN")
            .type(List.class)
            .auxiliaryTypes(Path.class)
            .arity("1..*")
            .description("A modular jar, a directory of them, or a directory of classes.")
            .build());
  }

  @Override
  public Integer call() throws IOException {
    Policy policy = policy();
    PluginCheck check = new PluginCheck(policy, CoreModules.ofThisJvm());
    List<Path> plugins = spec.positionalParameters().getFirst().getValue();
    boolean accepted = true;
    PrintWriter out = spec.commandLine().getOut();
    for (Path plugin : plugins) {
      if (!Files.exists(plugin)) {
        throw new ParameterException(spec.commandLine(), "There is no file " + plugin);
      }
      CheckReport report = check(policy, check, plugin);
      report.violations().forEach(out::println);
      accepted &= report.accepted();
    }
    out.flush();
    return accepted ? 0 : 1;
  }

  private CheckReport check(Policy policy, PluginCheck check, Path plugin) throws IOException {
    PluginFiles files = PluginFiles.read(plugin, path -> placement(policy, path));
    List<Violation> all = new ArrayList<>(files.violations());
    all.addAll(check.check(files.candidates()).violations());
    return new CheckReport(all);
  }

  private Optional<Placement> placement(Policy policy, String path) {
    String layer = spec.findOption("--layer").getValue();
    List<String> with = spec.findOption("--with").getValue();
    Set<String> rights = with == null ? Set.of() : Set.copyOf(with);
    if (layer != null) {
      return Optional.of(new Placement(policy.layer(layer), rights, Optional.empty()));
    }
    return policy
        .placePlugin(path)
        .map(
            p -> {
              List<String> all = new ArrayList<>(p.extraRights());
              all.addAll(rights);
              return new Placement(p.layer(), Set.copyOf(all), p.sha256());
            });
  }

  private Policy policy() {
    try {
      Path file = spec.findOption("--policy").getValue();
      Policy policy = file == null ? Policy.standard() : PolicyReader.read(file);
      String layer = spec.findOption("--layer").getValue();
      if (layer != null) {
        policy.layer(layer);
      }
      List<String> with = spec.findOption("--with").getValue();
      for (String right : with == null ? List.<String>of() : with) {
        if (!policy.rights().containsKey(right)) {
          throw new IllegalArgumentException(
              "policy " + policy.name() + " has no right '" + right + "'");
        }
      }
      return policy;
    } catch (TextException | IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
