package org.usermem.platform.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.platform.host.HostCalls;
import org.usermem.platform.host.SystemCall;

@Timeout(30)
class HostSignalsTest {

  private static void raise(int signal) {
    HostCalls.require(
        HostCalls.current().call(SystemCall.KILL, ProcessHandle.current().pid(), signal, 0),
        "kill");
  }

  private static String caughtSignals() throws Exception {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("SigCgt"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void signalsReachTheirListenersAndNotTheJvm() throws Exception {
    LinkedBlockingQueue<Integer> first = new LinkedBlockingQueue<>();
    LinkedBlockingQueue<Integer> second = new LinkedBlockingQueue<>();
    HostSignals one =
        HostSignals.listen(Set.of(HostSignals.SIGINT, HostSignals.SIGWINCH), first::add);
    HostSignals two = HostSignals.listen(Set.of(HostSignals.SIGINT), second::add);
    try {
      raise(HostSignals.SIGWINCH);
      assertEquals(HostSignals.SIGWINCH, first.poll(10, TimeUnit.SECONDS));
      raise(HostSignals.SIGINT);
      assertEquals(HostSignals.SIGINT, first.poll(10, TimeUnit.SECONDS));
      assertEquals(HostSignals.SIGINT, second.poll(10, TimeUnit.SECONDS));
      two.close();
      raise(HostSignals.SIGINT);
      assertEquals(HostSignals.SIGINT, first.poll(10, TimeUnit.SECONDS));
      assertTrue(second.isEmpty());
    } finally {
      two.close();
      one.close();
    }
  }

  @Test
  void theLastListenerGivesTheSignalBack() throws Exception {
    String before = caughtSignals();
    HostSignals signals = HostSignals.listen(Set.of(HostSignals.SIGWINCH), signal -> {});
    HostSignals others = HostSignals.listen(Set.of(HostSignals.SIGWINCH), signal -> {});
    String meanwhile = caughtSignals();
    signals.close();
    assertEquals(meanwhile, caughtSignals());
    others.close();
    others.close();
    assertEquals(before, caughtSignals());
  }

  @Test
  void theThreadEndsWithTheLastListenerAndComesBackWithTheNext() throws Exception {
    HostSignals.listen(Set.of(HostSignals.SIGWINCH), signal -> {}).close();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("usermem-signals")) {
        thread.join();
      }
    }
    LinkedBlockingQueue<Integer> again = new LinkedBlockingQueue<>();
    HostSignals signals = HostSignals.listen(Set.of(HostSignals.SIGWINCH), again::add);
    try {
      raise(HostSignals.SIGWINCH);
      assertEquals(HostSignals.SIGWINCH, again.poll(10, TimeUnit.SECONDS));
    } finally {
      signals.close();
    }
  }

  @Test
  void signalsThatTheJvmLivesByCannotBeListenedTo() {
    for (int signal : new int[] {0, 9, 11, 7, 12, 64}) {
      assertThrows(
          IllegalArgumentException.class, () -> HostSignals.listen(Set.of(signal), number -> {}));
    }
  }
}
