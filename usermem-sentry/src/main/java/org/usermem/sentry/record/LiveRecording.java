package org.usermem.sentry.record;

import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;

/** What happens in this JVM, a second or so after it happened. */
public final class LiveRecording implements AutoCloseable {

  /** How long what was told already is kept. */
  private static final Duration KEPT = Duration.ofSeconds(10);

  private final RecordingStream stream;

  /**
   * Starts to listen.
   *
   * @param listener is told of each event of usermem, on a thread of its own
   */
  public LiveRecording(Consumer<RecordedEvent> listener) {
    stream = new RecordingStream();
    Map<String, String> settings = Settings.read();
    settings.keySet().removeIf(key -> !key.startsWith("usermem."));
    stream.setSettings(settings);
    stream.setOrdered(false);
    stream.setReuse(true);
    stream.onEvent(
        event -> {
          if (event.getEventType().getName().startsWith("usermem.")) {
            listener.accept(event);
          }
        });
    stream.setMaxAge(KEPT);
    stream.startAsync();
  }

  /** Ends it, when the listener has been told of all that has happened until now. */
  @Override
  public void close() {
    stream.stop();
    stream.close();
  }
}
