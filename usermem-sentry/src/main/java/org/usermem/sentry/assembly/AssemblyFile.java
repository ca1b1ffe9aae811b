package org.usermem.sentry.assembly;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.usermem.sentry.policy.Policy;

/**
 * What an assembly is made of.
 *
 * @param name where it came from, for messages
 * @param policy the layer policy, with the places that the assembly adds
 * @param bundles plug-ins to install and start, in order
 * @param pluginDirectory a directory to watch for plug-ins
 * @param mounts what to mount
 * @param configuration for each component's persistent identity, its properties: texts, numbers,
 *     truth values, characters, and arrays and collections of those
 */
public record AssemblyFile(
    String name,
    Policy policy,
    List<Path> bundles,
    Optional<Path> pluginDirectory,
    List<MountEntry> mounts,
    Map<String, Map<String, Object>> configuration) {

  /** Copies the collections. */
  public AssemblyFile {
    bundles = List.copyOf(bundles);
    mounts = List.copyOf(mounts);
    configuration = Map.copyOf(configuration);
  }

  /**
   * Something to mount.
   *
   * @param type the name of the file system's type
   * @param source what to mount, as mount(2) takes it
   * @param target where
   * @param options the options, separated by commas; may be empty
   */
  public record MountEntry(String type, String source, String target, String options) {}

  /**
   * Returns an assembly of what comes with the sentry, and nothing else.
   *
   * @return the standard policy, no plug-ins, no mounts
   */
  public static AssemblyFile standard() {
    return new AssemblyFile(
        "standard", Policy.standard(), List.of(), Optional.empty(), List.of(), Map.of());
  }

  /**
   * Returns this assembly with a directory that is watched for plug-ins.
   *
   * @param directory the directory
   * @return the new assembly
   */
  public AssemblyFile withPluginDirectory(Path directory) {
    return new AssemblyFile(name, policy, bundles, Optional.of(directory), mounts, configuration);
  }

  /**
   * Returns this assembly with more configuration.
   *
   * @param words each {@code PID/KEY=VALUE}, or the name of a file of properties with such keys
   *     ({@code .properties}) or of the OSGi Configurator's JSON ({@code .json}); later ones win
   *     over earlier ones and over the assembly's own
   * @return the new assembly
   * @throws IllegalArgumentException if a word is none of these
   * @throws org.usermem.sentry.text.TextException if something in a file is wrong
   * @throws java.io.UncheckedIOException if a file can't be read
   */
  public AssemblyFile withConfiguration(List<String> words) {
    return new AssemblyFile(
        name,
        policy,
        bundles,
        pluginDirectory,
        mounts,
        ConfigurationWords.add(configuration, words));
  }

  /**
   * Returns this assembly with the configuration of one component.
   *
   * @param pid the component's persistent identity
   * @param properties its properties, instead of those that it has
   * @return the new assembly
   */
  public AssemblyFile withProperties(String pid, Map<String, Object> properties) {
    Map<String, Map<String, Object>> more = new HashMap<>(configuration);
    more.put(pid, properties);
    return new AssemblyFile(name, policy, bundles, pluginDirectory, mounts, more);
  }
}
