package org.usermem.mm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ModuleTest {

  @Test
  void testsRunInsideTheNamedModule() {
    assertEquals("org.usermem.mm", getClass().getModule().getName());
  }
}
