package org.usermem.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ModuleTest {

  @Test
  void testsRunInsideTheNamedModule() {
    assertEquals("org.usermem.fs", getClass().getModule().getName());
  }
}
