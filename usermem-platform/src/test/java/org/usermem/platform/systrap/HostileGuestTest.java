package org.usermem.platform.systrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.usermem.platform.contract.GuestFixture.DATA;
import static org.usermem.platform.contract.GuestFixture.PAGE;
import static org.usermem.platform.contract.GuestFixture.STACK;
import static org.usermem.platform.contract.GuestFixture.expectCall;

import java.lang.foreign.ValueLayout;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.addr.AccessType;
import org.usermem.platform.Context;
import org.usermem.platform.Platform;
import org.usermem.platform.PlatformKind;
import org.usermem.platform.Platforms;
import org.usermem.platform.Registers;
import org.usermem.platform.StopReason;
import org.usermem.platform.contract.GuestFixture;
import org.usermem.platform.contract.MachineCode;
import org.usermem.platform.memory.HostMemoryFile;
import org.usermem.platform.memory.MemoryFileOptions;
import org.usermem.platform.stub.StubLayout;

/** Guests that use what of the platform is in their reach. */
@Timeout(60)
class HostileGuestTest {

  private static final long CONTROL = StubLayout.SLOTS;
  private static final int STATE = 0;
  private static final int FS_TO = 72;

  private static final int HANDLER = 0x200;
  private static final int WAKE = 0x24e;
  private static final int WAIT = 0x277;
  private static final int SIGRETURN = 0x2a6;
  private static final int EXIT = 0x2b0;
  private static final int INJECT = 0xc0;
  private static final int CLONE = 0x100;
  private static final int BATCH = 0x165;

  private HostMemoryFile file;
  private Platform platform;
  private GuestFixture bystander;
  private Context bystanderContext;

  @BeforeEach
  void open() {
    file = HostMemoryFile.create(MemoryFileOptions.withLimit(64 << 20).trackingOwners());
    platform = Platforms.open(PlatformKind.SYSTRAP, file);
    bystander = guest(code().increment().call(1).loop());
    bystanderContext = bystander.space.newContext();
  }

  @AfterEach
  void theBystanderIsUnharmed() {
    Registers registers = bystander.start();
    for (int round = 1; round <= 3; round++) {
      expectCall(1, bystanderContext, registers);
      assertEquals(round, bystander.data().get(ValueLayout.JAVA_INT, 0));
    }
    bystanderContext.close();
    bystander.close();
    platform.close();
    file.close();
  }

  private GuestFixture guest(MachineCode code) {
    return new GuestFixture(platform, file, code);
  }

  private static MachineCode code() {
    return new MachineCode();
  }

  /** Code that stores a word in the control page of the first thread. */
  private static MachineCode forge(MachineCode code, int offset, int value) {
    return code.set(MachineCode.RDI, CONTROL + offset).set(MachineCode.RAX, value).store();
  }

  private static MachineCode jump(MachineCode code, int offset) {
    return code.set(MachineCode.RCX, StubLayout.CODE + offset).raw(0xff, 0xe1); // jmp *rcx
  }

  @Test
  void aForgedEndIsAnEnd() {
    MachineCode code = forge(code(), STATE, 0).call(1).loop();
    try (GuestFixture guest = guest(code);
        Context context = guest.space.newContext()) {
      StopReason reason = context.run(guest.start());
      assertTrue(reason == StopReason.DEAD || reason == StopReason.SYSCALL);
    }
  }

  @Test
  void aStateThatThereIsNotIsTheEnd() {
    MachineCode code = forge(code(), STATE, 77).raw(0xeb, 0xfe); // jmp .
    try (GuestFixture guest = guest(code);
        Context context = guest.space.newContext()) {
      assertEquals(StopReason.DEAD, context.run(guest.start()));
      assertEquals(StopReason.DEAD, context.run(guest.start()));
    }
  }

  @Test
  void aForgedStopIsNoMoreThanAStop() {
    // The guest says that it has stopped and runs on: the sentry serves what the last frame says.
    MachineCode code = code().call(1);
    forge(code, STATE, 1).set(MachineCode.RDI, DATA).increment();
    code.raw(0xeb, 0xfb); // jmp to the increment
    try (GuestFixture guest = guest(code);
        Context context = guest.space.newContext()) {
      Registers registers = guest.start();
      expectCall(1, context, registers);
      for (int round = 0; round < 3; round++) {
        StopReason reason = context.run(registers);
        assertTrue(reason == StopReason.SYSCALL || reason == StopReason.INTERRUPTED);
        context.interrupt();
      }
      guest.space.unmap(DATA, PAGE);
    }
  }

  @Test
  void basesThatCannotBeCostTheGuestItsLife() {
    // Between the store of the sentry and the return only another thread could do it; so the guest
    // runs the end of the handler by itself.
    MachineCode code = forge(code(), FS_TO + 4, -1);
    code.set(MachineCode.RBX, CONTROL).set(MachineCode.RAX, 0);
    jump(code, HANDLER + 0x8f);
    try (GuestFixture guest = guest(code);
        Context context = guest.space.newContext()) {
      StopReason reason = context.run(guest.start());
      assertTrue(reason == StopReason.DEAD || reason == StopReason.SIGNAL, reason.toString());
    }
  }

  @Test
  void callsAtTheStubsInstructionsAreServedByTheSentry() {
    for (int site : new int[] {INJECT, CLONE, BATCH, WAKE, WAIT, SIGRETURN, EXIT}) {
      for (int number : new int[] {9, 11, 56, 60, 202, 15, 317, 131, 10, 101, 110}) {
        boolean harmless =
            ((site == WAKE || site == WAIT) && number == 202)
                || (site == SIGRETURN && number == 15)
                || (site == EXIT && number == 60);
        if (harmless) {
          continue;
        }
        MachineCode code =
            code()
                .set(MachineCode.RDI, 0x1000_0000)
                .set(MachineCode.RSI, PAGE)
                .set(MachineCode.RDX, 3)
                .set(MachineCode.R10, 0x11)
                .set(MachineCode.R8, 0)
                .set(MachineCode.R9, 0)
                .set(MachineCode.RAX, number);
        jump(code, site);
        try (GuestFixture guest = guest(code);
            Context context = guest.space.newContext()) {
          Registers registers = guest.start();
          expectCall(number, context, registers);
          assertEquals(StubLayout.CODE + site + 2, registers.rip());
        }
      }
    }
  }

  @Test
  void aGuestThatWaitsInTheStubCanBeInterrupted() throws Exception {
    MachineCode code =
        code()
            .set(MachineCode.RBX, DATA)
            .set(MachineCode.RDI, DATA)
            .set(MachineCode.RSI, 0)
            .set(MachineCode.RDX, 0)
            .set(MachineCode.R10, 0)
            .set(MachineCode.RAX, 202);
    jump(code, WAIT);
    try (GuestFixture guest = guest(code)) {
      CompletableFuture<Context> started = new CompletableFuture<>();
      FutureTask<StopReason> task =
          new FutureTask<>(
              () -> {
                try (Context context = guest.space.newContext()) {
                  started.complete(context);
                  return context.run(guest.start());
                }
              });
      Thread.ofPlatform().start(task);
      started.get().interrupt();
      assertEquals(StopReason.INTERRUPTED, task.get());
    }
  }

  @Test
  void aGuestThatRunsTheHandlerByItselfWritesToItsOwnMemoryOnly() throws Exception {
    MachineCode code = code().set(MachineCode.RDX, 0x1234);
    jump(code, HANDLER);
    try (GuestFixture guest = guest(code);
        Context context = guest.space.newContext()) {
      Registers registers = guest.start();
      registers.setRsp(STACK + PAGE);
      // Rounded down to a slot, that is the stack page: the guest waits for itself.
      Thread interrupter = interruptSoon(context);
      assertEquals(StopReason.INTERRUPTED, context.run(registers));
      interrupter.join();
    }
  }

  /** Interrupts a context when it runs, as far as that can be told. */
  private static Thread interruptSoon(Context context) {
    return Thread.ofPlatform()
        .start(
            () -> {
              LockSupport.parkNanos(300_000_000);
              context.interrupt();
            });
  }

  @Test
  void aGuestThatEndsItsOwnThreadIsDead() {
    MachineCode code = code().set(MachineCode.RDI, 0).set(MachineCode.RAX, 60);
    jump(code, EXIT);
    try (GuestFixture guest = guest(code);
        Context context = guest.space.newContext()) {
      assertEquals(StopReason.DEAD, context.run(guest.start()));
    }
  }

  @Test
  @Tag("slow")
  void aGuestThatBlocksTheInterruptIsKilled() throws Exception {
    // rt_sigreturn from a frame that the guest has made: every signal blocked.
    MachineCode code = code().set(MachineCode.RAX, 15);
    jump(code, SIGRETURN);
    MachineCode endless = code().raw(0xeb, 0xfe);
    try (GuestFixture guest = guest(code);
        GuestFixture other = guest(endless);
        Context context = guest.space.newContext()) {
      guest.space.mapFile(0x50_0000, other.page(0), AccessType.READ_EXECUTE, false);
      long frame = 0x100;
      long sigcontext = frame + 40;
      guest.data().set(ValueLayout.JAVA_LONG, sigcontext + 15 * 8, STACK + PAGE); // rsp
      guest.data().set(ValueLayout.JAVA_LONG, sigcontext + 16 * 8, 0x50_0000); // rip
      guest.data().set(ValueLayout.JAVA_LONG, sigcontext + 17 * 8, 0x202); // flags
      guest.data().set(ValueLayout.JAVA_LONG, sigcontext + 18 * 8, 0x002b_0000_0000_0033L);
      guest.data().set(ValueLayout.JAVA_LONG, frame + 296, -1L); // signal mask
      Registers registers = guest.start();
      registers.setRsp(DATA + frame);
      Thread interrupter = interruptSoon(context);
      assertEquals(StopReason.DEAD, context.run(registers));
      interrupter.join();
    }
  }

  @Test
  void aThreadThatScribblesOverTheSlotOfAnotherHurtsOnlyItsProcess() throws Exception {
    for (int seed = 1; seed <= 12; seed++) {
      scribble(seed);
    }
  }

  private void scribble(int seed) throws Exception {
    // The scribbler: xorshift in rax, stores it at control + (rax & 0x7ffc).
    MachineCode scribbler =
        code()
            .raw(0x89, 0xc2, 0xc1, 0xe2, 13, 0x31, 0xd0) // mov edx,eax; shl edx,13; xor eax,edx
            .raw(0x89, 0xc2, 0xc1, 0xea, 17, 0x31, 0xd0) // mov edx,eax; shr edx,17; xor eax,edx
            .raw(0x89, 0xc2, 0xc1, 0xe2, 5, 0x31, 0xd0) // mov edx,eax; shl edx,5; xor eax,edx
            .raw(0x89, 0xc2, 0x81, 0xe2, 0xfc, 0x7f, 0, 0) // mov edx,eax; and edx,0x7ffc
            .raw(0x89, 0x04, 0x17) // mov [rdi+rdx],eax
            .loop();
    try (GuestFixture guest = guest(code().increment().call(1).loop());
        GuestFixture code = guest(scribbler)) {
      guest.space.mapFile(0x50_0000, code.page(0), AccessType.READ_EXECUTE, false);
      CompletableFuture<Context> ready = new CompletableFuture<>();
      try (Context victim = guest.space.newContext()) {
        FutureTask<StopReason> task =
            new FutureTask<>(
                () -> {
                  try (Context context = guest.space.newContext()) {
                    Registers registers = guest.start();
                    registers.setRip(0x50_0000);
                    registers.setRax(seed);
                    registers.setRdi(CONTROL);
                    ready.complete(context);
                    return context.run(registers);
                  }
                });
        Thread.ofPlatform().start(task);
        Context attacker = ready.get();
        Registers registers = guest.start();
        StopReason reason = StopReason.SYSCALL;
        for (int round = 0; round < 2000 && reason != StopReason.DEAD; round++) {
          reason = victim.run(registers);
          if (reason == StopReason.FAULT || reason == StopReason.SIGNAL) {
            registers.copyFrom(guest.start());
          }
        }
        attacker.interrupt();
        StopReason end = task.get();
        assertTrue(
            end == StopReason.INTERRUPTED
                || end == StopReason.DEAD
                || end == StopReason.SIGNAL
                || end == StopReason.FAULT,
            end.toString());
      }
    }
  }
}
