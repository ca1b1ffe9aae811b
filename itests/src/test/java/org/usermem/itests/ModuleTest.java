package org.usermem.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ModuleTest {

  @Test
  void testsRunInsideTheNamedModule() {
    assertEquals("org.usermem.itests", getClass().getModule().getName());
  }
}
