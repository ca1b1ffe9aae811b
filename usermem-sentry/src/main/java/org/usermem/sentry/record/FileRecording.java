package org.usermem.sentry.record;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;

/** A recording that goes to a file when it ends. */
public final class FileRecording implements AutoCloseable {

  private final Recording recording;

  private FileRecording(Recording recording) {
    this.recording = recording;
  }

  /**
   * Starts a recording with the settings of usermem.jfc.
   *
   * @param file where it goes
   * @throws IllegalArgumentException if nothing can be written there
   */
  public static FileRecording start(Path file) {
    Recording recording = new Recording(Settings.read());
    try {
      recording.setName("usermem");
      recording.setDestination(file);
      recording.start();
      return new FileRecording(recording);
    } catch (IOException e) {
      recording.close();
      throw new IllegalArgumentException("no recording can be written to " + file + ": " + e, e);
    }
  }

  /** Ends it and writes the rest of the file. */
  @Override
  public void close() {
    try {
      recording.stop();
    } finally {
      recording.close();
    }
  }

  /**
   * Reads a recording.
   *
   * @param file where it is
   * @return what it says
   */
  public static Statistics read(Path file) {
    Statistics statistics = new Statistics();
    try (RecordingFile recording = new RecordingFile(file)) {
      while (recording.hasMoreEvents()) {
        statistics.add(recording.readEvent());
      }
      return statistics;
    } catch (IOException e) {
      throw new UncheckedIOException(
          file + " is no recording that can be read: " + e.getMessage(), e);
    }
  }
}
