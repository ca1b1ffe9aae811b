package org.usermem.sentry.policy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A whole policy. Immutable, and safe for use by several threads.
 *
 * @param name where it came from, for messages
 * @param rights the rights by name
 * @param layers the layers by name
 * @param places the places, in the order in which they are asked: the first that fits decides
 * @param advice what to do instead, the first that fits is given
 */
public record Policy(
    String name,
    Map<String, Right> rights,
    Map<String, Layer> layers,
    List<Place> places,
    List<Advice> advice) {

  private static final String DEFAULT = "default.policy";

  /** Copies the collections; their order is kept. */
  public Policy {
    rights = Collections.unmodifiableMap(new LinkedHashMap<>(rights));
    layers = Collections.unmodifiableMap(new LinkedHashMap<>(layers));
    places = List.copyOf(places);
    advice = List.copyOf(advice);
  }

  /**
   * Returns the policy that ships with the sentry.
   *
   * @return the default policy
   */
  public static Policy standard() {
    return PolicyReader.read(DEFAULT, standardText());
  }

  /**
   * Returns the text of the policy that ships with the sentry, to start a policy of one's own from.
   *
   * @return the text
   */
  public static String standardText() {
    try (InputStream in = Policy.class.getResourceAsStream(DEFAULT)) {
      Objects.requireNonNull(in, "the default policy is not in the jar");
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns a layer that is known to exist.
   *
   * @param layerName the layer's name
   * @return the layer
   * @throws IllegalArgumentException if the policy has none of that name
   */
  public Layer layer(String layerName) {
    Layer layer = layers.get(layerName);
    if (layer == null) {
      throw new IllegalArgumentException(
          "policy " + name + " has no layer '" + layerName + "'; it has " + layers.keySet());
    }
    return layer;
  }

  /**
   * Finds the layer of a module that came with the sentry.
   *
   * @param module the module's name
   * @return its placement, or nothing if the policy does not know it
   */
  public Optional<Placement> placeCore(String module) {
    return place(Place.Origin.CORE, module);
  }

  /**
   * Finds the layer of a plug-in.
   *
   * @param path its file's path below the plug-ins directory, with {@code /} between names
   * @return its placement, or nothing if the policy lets nothing in from there
   */
  public Optional<Placement> placePlugin(String path) {
    return place(Place.Origin.PLUGIN, path);
  }

  private Optional<Placement> place(Place.Origin origin, String path) {
    return places.stream()
        .filter(p -> p.matches(origin, path))
        .findFirst()
        .map(p -> new Placement(layer(p.layer()), p.rights(), p.sha256()));
  }

  /**
   * Returns the advice for a name that a layer may not name.
   *
   * @param className the binary name that was used
   * @return a sentence, or nothing if the policy has none
   */
  public Optional<String> adviceFor(String className) {
    return advice.stream()
        .filter(a -> a.about().stream().anyMatch(p -> p.matchesClass(className)))
        .map(Advice::instead)
        .findFirst();
  }

  /**
   * Returns this policy with places that are asked before its own.
   *
   * @param first the places to put in front
   * @return the new policy
   * @throws IllegalArgumentException if one names a layer or right that is not there
   */
  public Policy withPlaces(Collection<Place> first) {
    for (Place place : first) {
      layer(place.layer());
      for (String right : place.rights()) {
        if (!rights.containsKey(right)) {
          throw new IllegalArgumentException(
              "policy " + name + " has no right '" + right + "'; it has " + rights.keySet());
        }
      }
    }
    List<Place> all = new ArrayList<>(first);
    all.addAll(places);
    return new Policy(name, rights, layers, all, advice);
  }
}
