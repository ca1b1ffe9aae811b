package org.usermem.platform.ptrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.usermem.platform.contract.GuestFixture.expectCall;

import org.junit.jupiter.api.Test;
import org.usermem.platform.Context;
import org.usermem.platform.PlatformKind;
import org.usermem.platform.Registers;
import org.usermem.platform.StopReason;
import org.usermem.platform.contract.GuestFixture;
import org.usermem.platform.contract.PlatformContract;

class PtracePlatformTest extends PlatformContract {

  @Override
  protected PlatformKind kind() {
    return PlatformKind.PTRACE;
  }

  @Test
  void aStopSignalDoesNotStopTheGuest() throws Exception {
    try (GuestFixture guest = guest(code().call(1).loop());
        Context context = guest.space.newContext()) {
      Registers registers = guest.start();
      send("-STOP", guest);
      for (int round = 0; round < 5; round++) {
        expectCall(1, context, registers);
      }
    }
  }

  @Test
  void aThreadThatEndsWithoutClosingItsContextEndsTheAddressSpace() throws Exception {
    try (GuestFixture guest = guest(code().call(1).loop());
        Context context = guest.space.newContext()) {
      Registers registers = guest.start();
      expectCall(1, context, registers);
      Thread careless =
          Thread.ofPlatform()
              .start(
                  () -> {
                    Context left = guest.space.newContext();
                    expectCall(1, left, guest.start());
                  });
      careless.join();
      // The host notices the end of a thread some time after the JVM does.
      StopReason reason = StopReason.SYSCALL;
      while (reason == StopReason.SYSCALL) {
        reason = context.run(registers);
      }
      assertEquals(StopReason.DEAD, reason);
    }
  }
}
