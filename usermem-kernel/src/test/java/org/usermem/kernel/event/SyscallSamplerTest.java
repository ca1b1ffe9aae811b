package org.usermem.kernel.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Event;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls are told of in samples that say how many they stand for. */
class SyscallSamplerTest {

  @TempDir private Path dir;

  @Test
  void callsAreSampledWhileSomebodyRecords() throws IOException {
    SyscallSampler sampler = new SyscallSampler();
    assertNull(sampler.begin());
    Path file = dir.resolve("calls.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("usermem.SystemCall").withoutThreshold();
      recording.start();
      for (int i = 0; i < 1 + 2 + 4 + 8 + 16 + 32 + 64 + 64 + 63; i++) {
        Event event = sampler.begin();
        if (event != null) {
          sampler.end(event, 7, 8, 39, -2);
        }
      }
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events =
        RecordingFile.readAllEvents(file).stream()
            .filter(e -> e.getEventType().getName().equals("usermem.SystemCall"))
            .toList();
    assertEquals(
        List.of(1, 2, 4, 8, 16, 32, 64, 64), events.stream().map(e -> e.getInt("calls")).toList());
    assertEquals(7, events.getFirst().getInt("process"));
    assertEquals(8, events.getFirst().getInt("task"));
    assertEquals(39, events.getFirst().getInt("number"));
    assertEquals(-2, events.getFirst().getLong("result"));
  }
}
