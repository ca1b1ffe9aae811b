package org.usermem.sentry.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamePatternTest {

  @ParameterizedTest
  @CsvSource({
    "a.b.*, a.b.C, true",
    "a.b.*, a.b.C$D, true",
    "a.b.*, a.b.c.D, false",
    "a.b.*, a.bc.D, false",
    "a.b.**, a.b.c.D, true",
    "a.b.**, a.b.C, true",
    "a.b.**, a.bc.D, false",
    "a.b.**, a.b, false",
    "**, D, true",
    "a.b.C, a.b.C, true",
    "a.b.C, a.b.C$D, true",
    "a.b.C, a.b.CD, false",
    "a.b.C#m, a.b.C, false",
  })
  void matchesClasses(String pattern, String className, boolean expected) {
    assertEquals(expected, NamePattern.of(pattern).matchesClass(className));
  }

  @ParameterizedTest
  @CsvSource({
    "a.C#m, a.C, m, ()V, true",
    "a.C#m, a.C, mm, ()V, false",
    "a.C#m, a.D, m, ()V, false",
    "a.C#*, a.C, <init>, ()V, true",
    "a.C#*Async, a.C, runAsync, ()V, true",
    "a.C#*Async, a.C, run, ()V, false",
    "a.C#<init>(La/B;, a.C, <init>, (La/B;I)V, true",
    "a.C#<init>(La/B;, a.C, <init>, (I)V, false",
    "a.*, a.C, m, ()V, false",
  })
  void matchesMembers(
      String pattern, String owner, String member, String descriptor, boolean expected) {
    assertEquals(expected, NamePattern.of(pattern).matchesMember(owner, member, descriptor));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ".", "a..b", "a.b.", "*", "a*", "a.*.b", "#m", "a.C#", "a.C#m#n", "a b"})
  void refusesOtherForms(String text) {
    assertThrows(IllegalArgumentException.class, () -> NamePattern.of(text));
  }

  @Test
  void placesMatchWithStars() {
    Place place =
        new Place(
            Place.Origin.PLUGIN,
            "*/lib-*.jar",
            "l",
            java.util.Set.of(),
            java.util.Optional.empty());
    assertTrue(place.matches(Place.Origin.PLUGIN, "x/lib-1.jar"));
    assertFalse(place.matches(Place.Origin.PLUGIN, "x/li-1.jar"));
    assertFalse(place.matches(Place.Origin.CORE, "x/lib-1.jar"));
  }
}
