package org.usermem.sentry.component;

import java.util.Map;
import java.util.Optional;
import org.usermem.platform.Platform;
import org.usermem.platform.PlatformKind;
import org.usermem.platform.PlatformProvider;
import org.usermem.platform.memory.HostMemoryFile;
import org.usermem.sentry.run.HostPlatform;

/**
 * The platforms that the sentry comes with, as a service beside those of plug-ins; the property
 * {@code platform} chooses one. Stateless.
 */
public final class HostPlatformComponent implements PlatformProvider {

  private final PlatformProvider chosen;

  /**
   * Makes it.
   *
   * @param properties the sentry's configuration
   */
  public HostPlatformComponent(Map<String, Object> properties) {
    this.chosen =
        new HostPlatform(
            Optional.ofNullable(properties.get("platform"))
                .flatMap(label -> PlatformKind.ofLabel(label.toString())));
  }

  @Override
  public String name() {
    return chosen.name();
  }

  @Override
  public Platform open(HostMemoryFile memoryFile) {
    return chosen.open(memoryFile);
  }
}
