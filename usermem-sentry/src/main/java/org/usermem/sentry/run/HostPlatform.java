package org.usermem.sentry.run;

import java.util.Optional;
import org.usermem.platform.Platform;
import org.usermem.platform.PlatformException;
import org.usermem.platform.PlatformKind;
import org.usermem.platform.PlatformProvider;
import org.usermem.platform.Platforms;
import org.usermem.platform.memory.HostMemoryFile;

/**
 * The platforms that the sentry comes with.
 *
 * @param kind which of them; if none is chosen, the fastest that this machine can run
 */
public record HostPlatform(Optional<PlatformKind> kind) implements PlatformProvider {

  @Override
  public String name() {
    return kind.map(PlatformKind::label).orElse("host");
  }

  @Override
  public Platform open(HostMemoryFile memoryFile) {
    if (kind.isPresent()) {
      return Platforms.open(kind.get(), memoryFile);
    }
    try {
      return Platforms.open(PlatformKind.SYSTRAP, memoryFile);
    } catch (PlatformException e) {
      return Platforms.open(PlatformKind.PTRACE, memoryFile);
    }
  }
}
