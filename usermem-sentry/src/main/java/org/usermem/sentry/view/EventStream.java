package org.usermem.sentry.view;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.usermem.sentry.inspect.Inspection;
import org.usermem.sentry.record.LiveRecording;

/** Server-sent events for one browser: the state when it has changed, and what has happened. */
final class EventStream {

  private static final long PERIOD_MILLIS = 1000;

  private final StateJson state;
  private final Inspection inspection;
  private final CountDownLatch closing;

  EventStream(StateJson state, Inspection inspection, CountDownLatch closing) {
    this.state = state;
    this.inspection = inspection;
    this.closing = closing;
  }

  /**
   * Sends events until the browser has gone, or the view closes.
   *
   * @param batches how often it sends at most
   */
  void serve(HttpExchange exchange, int batches) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    Activity activity = new Activity(inspection);
    try (OutputStream out = exchange.getResponseBody()) {
      String last = state.now();
      send(out, "state", last);
      try (LiveRecording _ = new LiveRecording(activity::add)) {
        for (int sent = 0;
            sent < batches && !closing.await(PERIOD_MILLIS, TimeUnit.MILLISECONDS);
            sent++) {
          String now = state.now();
          if (!now.equals(last)) {
            send(out, "state", now);
            last = now;
          }
          send(out, "activity", activity.take());
        }
      }
      // When a recording has been closed, all that it has seen has been told.
      send(out, "activity", activity.take());
      send(out, "end", "[]");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void send(OutputStream out, String event, String json) throws IOException {
    out.write(("event: " + event + "\ndata: " + json + "\n\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
