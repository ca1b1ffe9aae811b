package org.usermem.platform;

import org.usermem.platform.memory.HostMemoryFile;

/**
 * Makes platforms of one kind; a service of the module, found by {@link Platforms}.
 *
 * <p>Thread safety: implementations are stateless.
 */
public interface PlatformProvider {

  /** Returns the name that the platform is chosen by, as {@link PlatformKind#label()}. */
  String name();

  /**
   * Makes a platform over a memory file, which stays the caller's and outlives the platform.
   *
   * @throws PlatformException if this machine can't run it
   */
  Platform open(HostMemoryFile memoryFile);
}
