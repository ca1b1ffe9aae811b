package org.usermem.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ModuleTest {

  @Test
  void testsRunInsideTheNamedModule() {
    assertEquals("org.usermem.platform", getClass().getModule().getName());
  }
}
