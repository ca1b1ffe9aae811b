package org.usermem.platform.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.usermem.errno.Errno;

class HostCallsTest {

  private final HostCalls host = HostCalls.current();

  @Test
  void resultsComeBack() {
    assertEquals(ProcessHandle.current().pid(), host.call(SystemCall.GETPID, 0, 0, 0));
    assertEquals(ProcessHandle.current().pid(), host.quick(SystemCall.GETPID, 0, 0, 0));
  }

  @Test
  void errnoIsTheNegativeResult() {
    assertEquals(-Errno.EBADF.number(), host.call(SystemCall.CLOSE, -1, 0, 0));
    assertEquals(-Errno.EBADF.number(), host.quick(SystemCall.CLOSE, -1, 0, 0));
  }

  @Test
  void requireNamesWhatFailedAndWhy() {
    HostException failed =
        assertThrows(
            HostException.class, () -> HostCalls.require(-Errno.EBADF.number(), "closing it"));
    assertEquals(Errno.EBADF.number(), failed.errnoNumber());
    assertTrue(String.valueOf(failed.getMessage()).contains("closing it: EBADF"));
    assertEquals(5, HostCalls.require(5, "nothing"));
  }

  @Test
  void aFunctionThatIsNotThereIsNamed() {
    HostException missing =
        assertThrows(HostException.class, () -> LibC.function("no_such_function"));
    assertTrue(String.valueOf(missing.getMessage()).contains("no_such_function"));
  }
}
