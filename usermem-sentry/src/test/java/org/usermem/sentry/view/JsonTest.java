package org.usermem.sentry.view;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {

  @Test
  void valuesAreWrittenByTheirKind() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("a", List.of(1, 2L, true));
    map.put("b", Map.of());
    map.put("c", List.of());
    assertEquals("{\"a\":[1,2,true],\"b\":{},\"c\":[]}", Json.of(map));
  }

  @Test
  void aNameOfAProgramCanNotEndAStringOrAScript() {
    assertEquals(
        "\"\\\"\\\\\\u000a\\u003c/script>\\u2028\\ud800\"", Json.of("\"\\\n</script>\u2028\ud800"));
  }
}
