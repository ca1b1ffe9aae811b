package org.usermem.sentry.connect;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes the headers that the framework is shown for a module. */
public final class BundleHeaders {

  /** What a plug-in's own manifest may say to the framework; the rest is the module system's. */
  private static final Set<String> FROM_PLUGINS =
      Set.of(
          "Bundle-Name",
          "Bundle-Vendor",
          "Bundle-Description",
          "Bundle-License",
          "Bundle-Version",
          "Import-Package",
          "Export-Package",
          "Service-Component",
          "Provide-Capability",
          "Require-Capability");

  private static final String DEFAULT_VERSION = "0.0.0";

  private BundleHeaders() {}

  /**
   * Reads a module's manifest.
   *
   * @param reference the module
   * @return its main attributes, with names in any case; empty if it has no manifest
   */
  public static Map<String, String> manifest(ModuleReference reference) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    try (ModuleReader reader = reference.open()) {
      Optional<InputStream> found = reader.open("META-INF/MANIFEST.MF");
      if (found.isPresent()) {
        try (InputStream in = found.get()) {
          new Manifest(in)
              .getMainAttributes()
              .forEach((k, v) -> headers.put(k.toString(), v.toString()));
        }
      }
      return headers;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the manifest of " + reference, e);
    }
  }

  /**
   * Writes the headers of a module that came with the sentry: those of its manifest, or, where the
   * classes have not been packed, the same from its descriptor.
   *
   * @param reference the module
   * @return the headers
   */
  public static Map<String, String> ofCore(ModuleReference reference) {
    Map<String, String> headers = manifest(reference);
    if (!headers.containsKey("Bundle-SymbolicName")) {
      ModuleDescriptor descriptor = reference.descriptor();
      if (!descriptor.exports().isEmpty()) {
        headers.put("Export-Package", exports(reference));
      }
      headers.put("Bundle-Version", version(descriptor));
      String components = componentFiles(reference);
      if (!components.isEmpty()) {
        headers.put("Service-Component", components);
      }
    }
    headers.remove("Bundle-Activator");
    return identified(headers, reference.descriptor());
  }

  /**
   * Writes the headers of a plug-in's module. The bundle is named after the module, and only some
   * headers are taken from its own manifest.
   *
   * @param descriptor the module's descriptor
   * @param manifest its own manifest
   * @return the headers
   */
  public static Map<String, String> ofPlugin(
      ModuleDescriptor descriptor, Map<String, String> manifest) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    manifest.forEach(
        (name, value) -> {
          if (FROM_PLUGINS.stream().anyMatch(name::equalsIgnoreCase)) {
            headers.put(name, value);
          }
        });
    headers.putIfAbsent("Bundle-Version", version(descriptor));
    return identified(headers, descriptor);
  }

  private static Map<String, String> identified(
      Map<String, String> headers, ModuleDescriptor descriptor) {
    headers.put("Bundle-ManifestVersion", "2");
    headers.put("Bundle-SymbolicName", descriptor.name());
    return headers;
  }

  /** A module's version, as far as it has OSGi's form of one. */
  private static String version(ModuleDescriptor descriptor) {
    return descriptor
        .rawVersion()
        .filter(v -> v.matches("\\d+(\\.\\d+(\\.\\d+(\\.[\\w-]+)?)?)?"))
        .orElse(DEFAULT_VERSION);
  }

  private static String exports(ModuleReference reference) {
    Set<String> packages =
        reference.descriptor().exports().stream()
            .map(ModuleDescriptor.Exports::source)
            .collect(Collectors.toCollection(TreeSet::new));
    try (ModuleReader reader = reference.open()) {
      StringBuilder header = new StringBuilder();
      for (String name : packages) {
        header.append(header.isEmpty() ? "" : ",").append(name);
        packageVersion(reader, name)
            .ifPresent(v -> header.append(";version=\"").append(v).append('"'));
      }
      return header.toString();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the packages of " + reference, e);
    }
  }

  /** The value of the annotation {@code org.osgi.annotation.versioning.Version} of a package. */
  private static Optional<String> packageVersion(ModuleReader reader, String name)
      throws IOException {
    Optional<InputStream> found = reader.open(name.replace('.', '/') + "/package-info.class");
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (InputStream in = found.get()) {
      return ClassFile.of()
          .parse(in.readAllBytes())
          .findAttribute(Attributes.runtimeInvisibleAnnotations())
          .stream()
          .flatMap(a -> a.annotations().stream())
          .filter(a -> a.className().equalsString("Lorg/osgi/annotation/versioning/Version;"))
          .flatMap(BundleHeaders::values)
          .findFirst();
    }
  }

  private static Stream<String> values(Annotation annotation) {
    return annotation.elements().stream()
        .map(AnnotationElement::value)
        .flatMap(
            v ->
                v instanceof AnnotationValue.OfString s ? Stream.of(s.stringValue()) : Stream.of());
  }

  private static String componentFiles(ModuleReference reference) {
    try (ModuleReader reader = reference.open();
        Stream<String> names = reader.list()) {
      return names
          .filter(n -> n.startsWith("OSGI-INF/") && n.endsWith(".xml"))
          .sorted()
          .collect(Collectors.joining(","));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the components of " + reference, e);
    }
  }
}
