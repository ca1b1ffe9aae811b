package org.usermem.mm.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.usermem.addr.AccessType;
import org.usermem.mm.epoch.Epochs;

/** Events stand for what happened, and nothing is counted while nobody records. */
class EventsTest {

  private enum Outcome {
    HANDLED
  }

  @TempDir private Path dir;

  private List<RecordedEvent> record(String event, Runnable action) throws IOException {
    Path file = dir.resolve("events.jfr");
    try (Recording recording = new Recording()) {
      recording.enable(event);
      recording.start();
      action.run();
      recording.stop();
      recording.dump(file);
    }
    return RecordingFile.readAllEvents(file).stream()
        .filter(e -> e.getEventType().getName().equals(event))
        .toList();
  }

  private static final long ADDRESS = 0x1000;

  /** Copies as the memory manager does. */
  private static void copy(Epochs epochs, CopyCounter counter, long byteCount) {
    int slot = epochs.enter();
    boolean due = CopyCounter.countIn(epochs, slot, byteCount);
    epochs.exit(slot);
    if (due) {
      counter.tell(ADDRESS);
    }
  }

  private static long sum(List<RecordedEvent> events, String field) {
    return events.stream().mapToLong(e -> e.getLong(field)).sum();
  }

  @Test
  void copiesAreToldOfInEverLargerNumbersAndAddUp() throws IOException {
    List<RecordedEvent> events =
        record(
            "usermem.Copy",
            () -> {
              Epochs epochs = new Epochs(1);
              CopyCounter counter = new CopyCounter(epochs, true);
              for (int i = 0; i < 10_000; i++) {
                copy(epochs, counter, 8);
              }
              counter.flush();
            });
    assertEquals(1, events.getFirst().getLong("copies"));
    assertEquals(10_000, sum(events, "copies"));
    assertEquals(80_000, sum(events, "byteCount"));
    assertEquals(
        List.of(true), events.stream().map(e -> e.getBoolean("fromProgram")).distinct().toList());
    assertEquals(19, events.size());
    assertEquals(ADDRESS, events.getFirst().getLong("address"));
  }

  /** Threads copy in slots of their own, and one that tells takes from all. */
  @Test
  void copiesOfSeveralThreadsAddUpWhateverTheirOrder() throws IOException {
    int threads = 4;
    List<RecordedEvent> events =
        record(
            "usermem.Copy",
            () -> {
              Epochs epochs = new Epochs(threads);
              CopyCounter counter = new CopyCounter(epochs, true);
              try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
                for (int t = 0; t < threads; t++) {
                  executor.execute(
                      () -> {
                        for (int i = 0; i < 5_000; i++) {
                          copy(epochs, counter, 100);
                        }
                      });
                }
              }
              counter.flush();
            });
    assertEquals(5_000L * threads, sum(events, "copies"));
    assertEquals(500_000L * threads, sum(events, "byteCount"));
  }

  @Test
  void directionsAndWhatIsCountedLaterAreToldApart() throws IOException {
    List<RecordedEvent> events =
        record(
            "usermem.Copy",
            () -> {
              Epochs epochs = new Epochs(1);
              CopyCounter in = new CopyCounter(epochs, true);
              CopyCounter out = new CopyCounter(epochs, false);
              int slot = epochs.enter();
              CopyCounter.countIn(epochs, slot, 1);
              CopyCounter.countOut(epochs, slot, 20);
              epochs.exit(slot);
              assertEquals(300, out.count(ADDRESS, 300));
              in.flush();
              out.flush();
            });
    assertEquals(
        List.of("false 2 320", "true 1 1"),
        events.stream()
            .map(
                e ->
                    e.getBoolean("fromProgram")
                        + " "
                        + e.getLong("copies")
                        + " "
                        + e.getLong("byteCount"))
            .toList());
  }

  @Test
  void copiesFromBeforeTheRecordingAreNotTold() throws IOException {
    Epochs epochs = new Epochs(1);
    CopyCounter counter = new CopyCounter(epochs, true);
    for (int i = 0; i < 1500; i++) {
      copy(epochs, counter, 8);
    }
    assertEquals(List.of(), record("usermem.Copy", counter::flush));
    List<RecordedEvent> events =
        record(
            "usermem.Copy",
            () -> {
              counter.flush();
              for (int i = 0; i < 10; i++) {
                copy(epochs, counter, 8);
              }
              counter.flush();
            });
    assertEquals(10, sum(events, "copies"));
  }

  @Test
  void faultsStandForThoseBeforeThem() throws IOException {
    FaultSampler sampler = new FaultSampler();
    List<RecordedEvent> events =
        record(
            "usermem.Fault",
            () -> {
              for (int i = 0; i < 1 + 2 + 4 + 8 + 16 + 16; i++) {
                sampler.happened(0x2000, AccessType.WRITE, Outcome.HANDLED);
              }
            });
    assertEquals(
        List.of(1, 2, 4, 8, 16, 16), events.stream().map(e -> e.getInt("faults")).toList());
    assertEquals("HANDLED", events.getFirst().getString("outcome"));
    assertEquals("-w-", events.getFirst().getString("access"));
  }

  @Test
  void mappingsAreToldOfOneByOne() throws IOException {
    List<RecordedEvent> events =
        record("usermem.Mapping", () -> MappingChange.happened("mmap", 0x3000, 4096));
    assertEquals(1, events.size());
    assertEquals("mmap", events.getFirst().getString("operation"));
    assertEquals(4096, events.getFirst().getLong("byteCount"));
    assertFalse(
        events.getFirst().hasField("stackTrace") && events.getFirst().getStackTrace() != null);
  }
}
