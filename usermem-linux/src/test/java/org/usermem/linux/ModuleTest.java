package org.usermem.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ModuleTest {

  @Test
  void testsRunInsideTheNamedModule() {
    assertEquals("org.usermem.linux", getClass().getModule().getName());
  }
}
