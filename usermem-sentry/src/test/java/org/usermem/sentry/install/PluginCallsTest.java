package org.usermem.sentry.install;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class PluginCallsTest {

  @Test
  void whatDoesNotComeBackIsGivenUp() {
    CountDownLatch never = new CountDownLatch(1);
    PluginCalls calls = new PluginCalls(Duration.ofMillis(20));
    PluginCalls.LostException e =
        assertThrows(
            PluginCalls.LostException.class,
            () ->
                calls.call(
                    "a.jar",
                    "start",
                    () -> {
                      never.await();
                      return null;
                    }));
    never.countDown();
    assertTrue(String.valueOf(e.getMessage()).startsWith("plug-in a.jar does not start within 20"));
  }

  @Test
  void whatIsReturnedOrThrownComesThrough() {
    PluginCalls calls = new PluginCalls(Duration.ofMinutes(10));
    assertEquals(7, calls.call("a.jar", "start", () -> 7));
    IllegalStateException thrown = new IllegalStateException("no");
    assertSame(
        thrown,
        assertThrows(
            IllegalStateException.class,
            () ->
                calls.call(
                    "a.jar",
                    "start",
                    () -> {
                      throw thrown;
                    })));
  }
}
