package org.usermem.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.usermem.platform.memory.HostMemoryFile;
import org.usermem.platform.memory.MemoryFileOptions;

class PlatformsTest {

  @Test
  void opensEveryKind() {
    for (PlatformKind kind : PlatformKind.values()) {
      try (HostMemoryFile file = HostMemoryFile.create(MemoryFileOptions.withLimit(1 << 20));
          Platform platform = Platforms.open(kind, file)) {
        assertEquals(kind.label(), platform.name());
        assertTrue(platform.minAddress() < platform.maxAddress());
      }
    }
  }

  @Test
  void kindsHaveTheNamesOfTheCommandLine() {
    assertEquals(Optional.of(PlatformKind.IN_PROCESS), PlatformKind.ofLabel("in-process"));
    assertEquals(Optional.empty(), PlatformKind.ofLabel("kvm"));
  }

  @Test
  void theClassPathHasTheProvidersOfTheModule() throws Exception {
    Set<String> declared = new HashSet<>();
    for (ModuleDescriptor.Provides provides :
        Platforms.class.getModule().getDescriptor().provides()) {
      if (provides.service().equals(PlatformProvider.class.getName())) {
        declared.addAll(provides.providers());
      }
    }
    String name = "META-INF/services/" + PlatformProvider.class.getName();
    try (InputStream file = Platforms.class.getModule().getResourceAsStream(name)) {
      assertNotNull(file);
      Set<String> listed =
          new String(file.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.startsWith("#"))
              .collect(Collectors.toSet());
      assertEquals(declared, listed);
    }
  }
}
