package org.usermem.sentry.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.usermem.sentry.text.TextException;

class PolicyReaderTest {

  private static final String SMALL =
      """
      policy 1
      right io
        about copies
        covers org.usermem.io.*
        exports org.usermem.api/org.usermem.io
        instead take the sequence
      layer low
        about below
        may-name java.lang.* org.usermem.sequence.*
        may-require java.base
      layer high
        like low
        grants io
        may-see org.usermem.mm.*
      place core org.usermem.mm high
      place plugin trusted.jar low with io
      place plugin * low
      advice org.usermem.mm.**
        instead do without
      """;

  @Test
  void readsRightsLayersPlacesAndAdvice() {
    Policy policy = PolicyReader.read("small", SMALL);
    assertTrue(policy.rights().get("io").coversClass("org.usermem.io.IO"));
    assertEquals(
        List.of(new Right.PackageExport("org.usermem.api", "org.usermem.io")),
        policy.rights().get("io").exports());
    assertTrue(policy.layer("high").mayName("org.usermem.sequence.Sink"));
    assertEquals(Standing.GRANTED, policy.placeCore("org.usermem.mm").orElseThrow().standing("io"));
    assertEquals(Standing.GRANTED, policy.placePlugin("trusted.jar").orElseThrow().standing("io"));
    assertEquals(Standing.REFUSED, policy.placePlugin("x.jar").orElseThrow().standing("io"));
    assertEquals(Optional.empty(), policy.placeCore("org.usermem.other"));
    assertEquals(Optional.of("do without"), policy.adviceFor("org.usermem.mm.MemoryManager"));
  }

  @Test
  void theFirstPlaceThatFitsDecides() {
    Place first =
        new Place(Place.Origin.PLUGIN, "x*", "high", Set.of(), Optional.of("0".repeat(64)));
    Policy policy = PolicyReader.read("small", SMALL).withPlaces(List.of(first));
    assertEquals("high", policy.placePlugin("x.jar").orElseThrow().layer().name());
    assertEquals("low", policy.placePlugin("y.jar").orElseThrow().layer().name());
  }

  @Test
  void aPlaceMustNameALayerThatIsThere() {
    Policy policy = PolicyReader.read("small", SMALL);
    Place wrong = new Place(Place.Origin.PLUGIN, "x", "middle", Set.of(), Optional.empty());
    assertThrows(IllegalArgumentException.class, () -> policy.withPlaces(List.of(wrong)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rules 1 | 1 | policy 1",
        "policy 2 | 1 | policy 1",
        "policy 1;layr x | 2 | unknown keyword 'layr'",
        "policy 1;layer x;  grants io | 3 | no right 'io'",
        "policy 1;layer x;  may-name a..b | 3 | 'a..b' is no name pattern",
        "policy 1;layer x;  may-require a*b | 3 | 'a*b' is no module pattern",
        "policy 1;layer x;layer x | 3 | twice",
        "policy 1;layer x;  like y | 3 | no layer 'y'",
        "policy 1;right r | 2 | what to do instead",
        "policy 1;right r;  exports a | 3 | MODULE/PACKAGE",
        "policy 1;place core m x | 2 | no layer 'x'",
        "policy 1;layer x;place elsewhere m x | 3 | no origin",
        "policy 1;layer x;place plugin m x sha256 12 | 3 | no SHA-256",
        "policy 1;layer x;place plugin m x also | 3 | 'also' has no meaning",
        "policy 1;layer x;place plugin m x;  more | 4 | takes no indented",
        "policy 1;advice a.* | 2 | what to do instead",
      })
  void errorsNameFileAndLine(String text, int line, String part) {
    TextException e =
        assertThrows(
            TextException.class, () -> PolicyReader.read("p.policy", text.replace(';', '\n')));
    assertEquals(line, e.line(), e.getMessage());
    assertTrue(e.getMessage().startsWith("p.policy:" + line + ": "), e.getMessage());
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  @Test
  void theStandardPolicyGivesPluginsNoRights() {
    Policy policy = Policy.standard();
    Placement plugin = policy.placePlugin("anything.jar").orElseThrow();
    for (String right : policy.rights().keySet()) {
      assertEquals(Standing.REFUSED, plugin.standing(right), right);
    }
    assertFalse(plugin.layer().mayName("org.usermem.mm.MemoryManager"));
    assertFalse(plugin.layer().maySee("org.usermem.kernel.Kernel"));
  }
}
