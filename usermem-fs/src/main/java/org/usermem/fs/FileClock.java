package org.usermem.fs;

import java.time.Instant;

/** The clock that time stamps of files are taken from. */
@FunctionalInterface
public interface FileClock {

  /** The clock of the host. */
  FileClock SYSTEM =
      () -> {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
      };

  /** Returns the time in nanoseconds since the epoch. */
  long nanos();
}
