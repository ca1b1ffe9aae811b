package org.usermem.mm.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.usermem.addr.AccessType;

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

  @Test
  void copiesAreToldOfInEverLargerNumbersAndAddUp() throws IOException {
    CopyCounter counter = new CopyCounter(true);
    List<RecordedEvent> events =
        record(
            "usermem.Copy",
            () -> {
              for (int i = 0; i < 10_000; i++) {
                counter.count(0x1000, 8);
              }
              counter.flush();
            });
    assertEquals(1, events.getFirst().getLong("copies"));
    assertEquals(10_000, events.stream().mapToLong(e -> e.getLong("copies")).sum());
    assertEquals(80_000, events.stream().mapToLong(e -> e.getLong("byteCount")).sum());
    assertEquals(
        List.of(true), events.stream().map(e -> e.getBoolean("fromProgram")).distinct().toList());
    assertEquals(19, events.size());
    assertEquals(0x1000, events.getFirst().getLong("address"));
  }

  @Test
  void nothingIsCountedWhileNobodyRecords() throws IOException {
    CopyCounter counter = new CopyCounter(false);
    for (int i = 0; i < 100; i++) {
      counter.count(0x1000, 8);
    }
    List<RecordedEvent> events = record("usermem.Copy", counter::flush);
    assertEquals(List.of(), events);
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
