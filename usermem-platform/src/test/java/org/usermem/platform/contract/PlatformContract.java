package org.usermem.platform.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.usermem.platform.contract.GuestFixture.CODE;
import static org.usermem.platform.contract.GuestFixture.DATA;
import static org.usermem.platform.contract.GuestFixture.PAGE;
import static org.usermem.platform.contract.GuestFixture.STACK;
import static org.usermem.platform.contract.GuestFixture.UNMAPPED;
import static org.usermem.platform.contract.GuestFixture.expectCall;

import java.io.BufferedReader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.addr.AccessType;
import org.usermem.addr.Addr;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.memmap.FileRange;
import org.usermem.memmap.MemoryKind;
import org.usermem.platform.Context;
import org.usermem.platform.FileMapping;
import org.usermem.platform.Platform;
import org.usermem.platform.PlatformKind;
import org.usermem.platform.Platforms;
import org.usermem.platform.Registers;
import org.usermem.platform.StopReason;
import org.usermem.platform.memory.HostMemoryFile;
import org.usermem.platform.memory.MemoryFileOptions;
import org.usermem.platform.stub.StubAddressSpace;

/** What every platform that runs native guest code must do. */
@Timeout(60)
public abstract class PlatformContract {

  private static final int GETPPID = 110;
  private static final int CLOCK_GETTIME = 228;
  private static final int UPROBE = 336;
  private static final int SIGILL = 4;
  private static final int SIGTRAP = 5;
  private static final int SIGFPE = 8;
  private static final int SIGSEGV = 11;

  protected HostMemoryFile file;
  protected Platform platform;

  protected abstract PlatformKind kind();

  @BeforeEach
  void open() {
    file = HostMemoryFile.create(MemoryFileOptions.withLimit(64 << 20).trackingOwners());
    platform = Platforms.open(kind(), file);
  }

  @AfterEach
  void close() {
    platform.close();
    file.close();
  }

  protected final GuestFixture guest(MachineCode code) {
    return new GuestFixture(platform, file, code);
  }

  protected static MachineCode code() {
    return new MachineCode();
  }

  /** Runs a task on a thread of its own and waits for it. */
  protected static void onAnotherThread(Runnable task) throws Exception {
    FutureTask<Void> future = new FutureTask<>(task, null);
    Thread.ofPlatform().start(future);
    future.get();
  }

  @Test
  void aSystemCallComesWithItsNumberAndArguments() {
    MachineCode code =
        code()
            .set(MachineCode.RDI, 1)
            .set(MachineCode.RSI, 0x1234_5678_9abc_def0L)
            .set(MachineCode.RDX, 3)
            .set(MachineCode.R10, 4)
            .set(MachineCode.R8, 5)
            .set(MachineCode.R9, -6)
            .call(GETPPID);
    try (GuestFixture guest = guest(code);
        Context context = guest.space.newContext()) {
      Registers registers = guest.start();
      expectCall(GETPPID, context, registers);
      assertEquals(1, registers.argument(0));
      assertEquals(0x1234_5678_9abc_def0L, registers.argument(1));
      assertEquals(3, registers.argument(2));
      assertEquals(4, registers.argument(3));
      assertEquals(5, registers.argument(4));
      assertEquals(-6, registers.argument(5));
      assertEquals(CODE + code.size(), registers.rip());
      assertEquals(registers.rip(), registers.get(Registers.RCX));
    }
  }

  @Test
  void theResultOfASystemCallGoesToRax() {
    MachineCode code = code().call(GETPPID).store().call(1);
    try (GuestFixture guest = guest(code);
        Context context = guest.space.newContext()) {
      Registers registers = guest.start();
      expectCall(GETPPID, context, registers);
      registers.setRax(4711);
      expectCall(1, context, registers);
      assertEquals(4711, guest.data().get(ValueLayout.JAVA_INT, 0));
    }
  }

  @Test
  void errnosThatWouldRestartACallOnTheHostAreOnlyNumbers() {
    MachineCode code = code().call(GETPPID).store().loop();
    try (GuestFixture guest = guest(code);
        Context context = guest.space.newContext()) {
      Registers registers = guest.start();
      for (int restart : new int[] {-512, -513, -514, -516}) {
        expectCall(GETPPID, context, registers);
        registers.setRax(restart);
        context.interrupt();
        assertEquals(StopReason.INTERRUPTED, context.run(registers));
        expectCall(GETPPID, context, registers);
        assertEquals(restart, guest.data().get(ValueLayout.JAVA_INT, 0));
      }
    }
  }

  @Test
  void everySystemCallIsTheSentrys() {
    MachineCode code = code().raw(0x0f, 0x05, 0x48, 0x89, 0xd8).loop(); // syscall; mov rax, rbx
    try (GuestFixture guest = guest(code);
        Context context = guest.space.newContext()) {
      Registers registers = guest.start();
      for (long number = 0; number < 600; number++) {
        if (number == UPROBE) {
          // Linux shows it to no filter, and answers ENXIO outside its trampoline.
          continue;
        }
        registers.setRax(number);
        registers.set(Registers.RBX, number + 1);
        registers.setRip(CODE);
        registers.setRdi(0);
        expectCall((int) number, context, registers);
      }
    }
  }

  @Test
  void theGuestAndTheSentrySeeTheSameMemory() {
    MachineCode code = code().load().raw(0x83, 0xc0, 0x01).store().call(1); // add eax, 1
    try (GuestFixture guest = guest(code);
        Context context = guest.space.newContext()) {
      guest.data().set(ValueLayout.JAVA_INT, 0, 41);
      expectCall(1, context, guest.start());
      assertEquals(42, guest.data().get(ValueLayout.JAVA_INT, 0));
    }
  }

  @Test
  void aFaultHasAnAddressAndRunsAgainWhenItIsMapped() {
    MachineCode code = code().load().call(1);
    try (GuestFixture guest = guest(code);
        Context context = guest.space.newContext()) {
      guest.data().set(ValueLayout.JAVA_INT, 0x10, 42);
      Registers registers = guest.start();
      registers.setRdi(UNMAPPED + 0x10);
      assertEquals(StopReason.FAULT, context.run(registers));
      assertEquals(SIGSEGV, context.signalNumber());
      assertEquals(UNMAPPED + 0x10, context.faultAddress());
      assertEquals(AccessType.READ, context.faultAccess());
      assertEquals(CODE, registers.rip());
      assertEquals(-1, registers.origRax());
      guest.space.mapFile(UNMAPPED, guest.page(1), AccessType.READ, true);
      expectCall(1, context, registers);
    }
  }

  @Test
  void aWriteToAReadOnlyMappingIsAWrite() {
    MachineCode code = code().set(MachineCode.RAX, 7).store().call(1);
    try (GuestFixture guest = guest(code);
        Context context = guest.space.newContext()) {
      guest.space.mapFile(DATA, guest.page(1), AccessType.READ, false);
      Registers registers = guest.start();
      assertEquals(StopReason.FAULT, context.run(registers));
      assertEquals(DATA, context.faultAddress());
      assertEquals(AccessType.WRITE, context.faultAccess());
      guest.space.mapFile(DATA, guest.page(1), AccessType.READ_WRITE, false);
      expectCall(1, context, registers);
      assertEquals(7, guest.data().get(ValueLayout.JAVA_INT, 0));
    }
  }

  @Test
  void aHandlerThatMapsWhatIsAskedForAlwaysGetsTheGuestOn() {
    MachineCode code = code().set(MachineCode.RAX, 7).store().call(1);
    try (GuestFixture guest = guest(code);
        Context context = guest.space.newContext()) {
      guest.space.unmap(DATA, PAGE);
      Registers registers = guest.start();
      AccessType granted = AccessType.NONE;
      int faults = 0;
      StopReason reason;
      while ((reason = context.run(registers)) == StopReason.FAULT) {
        granted = granted.union(context.faultAccess());
        guest.space.mapFile(DATA, guest.page(1), granted, false);
        assertTrue(++faults < 4);
      }
      assertEquals(StopReason.SYSCALL, reason);
    }
  }

  @Test
  void runningWhatIsNotExecutableIsAnExecuteFault() {
    MachineCode code = code().set(MachineCode.RAX, DATA).jumpToRax();
    try (GuestFixture guest = guest(code);
        Context context = guest.space.newContext()) {
      Registers registers = guest.start();
      assertEquals(StopReason.FAULT, context.run(registers));
      assertEquals(DATA, context.faultAddress());
      assertEquals(DATA, registers.rip());
      assertEquals(AccessType.EXECUTE, context.faultAccess());
    }
  }

  @Test
  void unmappingTakesEffectAtOnce() {
    MachineCode code = code().load().call(1).loop();
    try (GuestFixture guest = guest(code);
        Context context = guest.space.newContext()) {
      Registers registers = guest.start();
      expectCall(1, context, registers);
      guest.space.unmap(DATA, PAGE);
      assertEquals(StopReason.FAULT, context.run(registers));
      assertEquals(DATA, context.faultAddress());
    }
  }

  @Test
  void unmappingIgnoresWhatIsOutsideThePlatformsAddresses() {
    try (GuestFixture guest = guest(code().call(1));
        Context context = guest.space.newContext()) {
      guest.space.unmap(0, -PAGE);
      assertEquals(StopReason.FAULT, context.run(guest.start()));
      guest.space.unmap(platform.maxAddress(), PAGE);
      guest.space.mapFile(CODE, guest.page(0), AccessType.READ_EXECUTE, false);
      expectCall(1, context, guest.start());
    }
  }

  @Test
  void theHighestAndTheLowestAddressCanBeMapped() {
    MachineCode code = code().load().call(1);
    try (GuestFixture guest = guest(code);
        Context context = guest.space.newContext()) {
      for (long address : new long[] {platform.minAddress(), platform.maxAddress() - PAGE}) {
        guest.space.mapFile(address, guest.page(1), AccessType.READ, false);
        Registers registers = guest.start();
        registers.setRdi(address);
        expectCall(1, context, registers);
      }
    }
  }

  @Test
  void mappingOutsideThePlatformsAddressesIsRefused() {
    try (GuestFixture guest = guest(code())) {
      for (long address : new long[] {0, platform.maxAddress(), -PAGE, DATA + 1}) {
        assertThrows(
            IllegalArgumentException.class,
            () -> guest.space.mapFile(address, guest.page(1), AccessType.READ, false));
      }
    }
  }

  @Test
  void threadsThatOwnNoContextCanMap() throws Exception {
    MachineCode code = code().load().call(1);
    try (GuestFixture guest = guest(code);
        Context context = guest.space.newContext()) {
      onAnotherThread(() -> guest.space.unmap(DATA, PAGE));
      Registers registers = guest.start();
      assertEquals(StopReason.FAULT, context.run(registers));
      onAnotherThread(() -> guest.space.mapFile(DATA, guest.page(1), AccessType.READ, false));
      expectCall(1, context, registers);
    }
  }

  @Test
  void manyMappingsGoInOneCall() throws Exception {
    int count = 300;
    FileRange range = file.allocate(count * PAGE, MemoryKind.ANONYMOUS);
    List<FileMapping> mappings = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      file.base().set(ValueLayout.JAVA_INT, range.start() + index * PAGE, index);
      FileRange page = FileRange.of(range.start() + index * PAGE, PAGE);
      // Backwards, so that the host can't merge them.
      long address = 0x1000_0000L + (count - index) * PAGE;
      mappings.add(new FileMapping(address, page, AccessType.READ, index % 2 == 0));
    }
    MachineCode code = code().load().call(1).loop();
    try (GuestFixture guest = guest(code);
        Context context = guest.space.newContext()) {
      for (int round = 0; round < 2; round++) {
        if (round == 0) {
          guest.space.mapFiles(mappings);
        } else {
          guest.space.unmap(0x1000_0000L, (count + 1) * PAGE);
          onAnotherThread(() -> guest.space.mapFiles(mappings));
        }
        Registers registers = guest.start();
        for (int index = 0; index < count; index++) {
          registers.setRdi(mappings.get(index).address());
          registers.setRip(CODE);
          expectCall(1, context, registers);
        }
      }
    }
    file.decRef(range);
  }

  @Test
  void addressSpacesAreSeparate() throws Exception {
    MachineCode code = code().increment().call(1);
    try (GuestFixture first = guest(code);
        GuestFixture second = guest(code);
        Context context = first.space.newContext()) {
      onAnotherThread(
          () -> {
            try (Context other = second.space.newContext()) {
              Registers registers = second.start();
              expectCall(1, other, registers);
              second.space.unmap(DATA, PAGE);
            }
          });
      expectCall(1, context, first.start());
      assertEquals(1, first.data().get(ValueLayout.JAVA_INT, 0));
      assertEquals(1, second.data().get(ValueLayout.JAVA_INT, 0));
    }
  }

  @Test
  void oneJavaThreadCanOwnContextsOfSeveralAddressSpaces() {
    MachineCode code = code().increment().call(1).loop();
    try (GuestFixture first = guest(code);
        GuestFixture second = guest(code);
        Context one = first.space.newContext();
        Context two = second.space.newContext()) {
      Registers registersOne = first.start();
      Registers registersTwo = second.start();
      for (int round = 1; round <= 10; round++) {
        expectCall(1, one, registersOne);
        expectCall(1, two, registersTwo);
        assertEquals(round, second.data().get(ValueLayout.JAVA_INT, 0));
      }
    }
  }

  @Test
  void threadsOfAnAddressSpaceShareItsMemory() throws Exception {
    MachineCode code = code().increment().call(1).loop();
    int rounds = 500;
    try (GuestFixture guest = guest(code)) {
      List<FutureTask<Void>> tasks = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        FutureTask<Void> task =
            new FutureTask<>(
                () -> {
                  try (Context context = guest.space.newContext()) {
                    Registers registers = guest.start();
                    for (int round = 0; round < rounds; round++) {
                      expectCall(1, context, registers);
                      registers.setRax(0);
                    }
                  }
                  return null;
                });
        tasks.add(task);
        Thread.ofPlatform().start(task);
      }
      for (FutureTask<Void> task : tasks) {
        task.get();
      }
      assertEquals(4 * rounds, guest.data().get(ValueLayout.JAVA_INT, 0));
    }
  }

  @Test
  void anInterruptStopsAnEndlessLoop() throws Exception {
    try (GuestFixture guest = guest(code().increment().loop())) {
      for (int round = 0; round < 20; round++) {
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
        Context context = started.get();
        if (round % 2 == 0) {
          int before = guest.data().get(ValueLayout.JAVA_INT, 0);
          while (guest.data().getAtIndex(ValueLayout.JAVA_INT, 0) == before) {
            Thread.onSpinWait();
          }
        }
        context.interrupt();
        assertEquals(StopReason.INTERRUPTED, task.get());
        context.interrupt();
      }
    }
  }

  @Test
  void aPendingInterruptReturnsAtOnceAndOnlyOnce() {
    try (GuestFixture guest = guest(code().call(1).loop());
        Context context = guest.space.newContext()) {
      context.interrupt();
      context.interrupt();
      Registers registers = guest.start();
      assertEquals(StopReason.INTERRUPTED, context.run(registers));
      assertEquals(guest.start(), registers);
      expectCall(1, context, registers);
    }
  }

  @Test
  void aStormOfInterruptsLosesNothing() throws Exception {
    MachineCode code = code().increment().call(1).loop();
    try (GuestFixture guest = guest(code);
        Context context = guest.space.newContext()) {
      AtomicReference<Boolean> stop = new AtomicReference<>(false);
      Thread storm =
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (!stop.get()) {
                      context.interrupt();
                      LockSupport.parkNanos(1000);
                    }
                  });
      Registers registers = guest.start();
      int calls = 0;
      while (calls < 1000) {
        StopReason reason = context.run(registers);
        if (reason == StopReason.SYSCALL) {
          calls++;
          registers.setRax(0);
          guest.space.mapFile(UNMAPPED, guest.page(1), AccessType.READ, false);
        } else {
          assertEquals(StopReason.INTERRUPTED, reason);
        }
      }
      stop.set(true);
      storm.join();
      assertEquals(1000, guest.data().get(ValueLayout.JAVA_INT, 0));
    }
  }

  @Test
  void exceptionsAreSignals() {
    record Case(MachineCode code, int signal, long ripOffset) {}
    List<Case> cases =
        List.of(
            new Case(code().raw(0x0f, 0x0b), SIGILL, 0), // ud2
            new Case(code().raw(0xcc), SIGTRAP, 1), // int3
            new Case(code().raw(0x31, 0xc9, 0xf7, 0xf1), SIGFPE, 2), // xor ecx, ecx; div ecx
            new Case(code().raw(0xf4), SIGSEGV, 0), // hlt
            new Case(code().set(MachineCode.RDI, 1L << 62).load(), SIGSEGV, 10));
    for (Case one : cases) {
      try (GuestFixture guest = guest(one.code());
          Context context = guest.space.newContext()) {
        Registers registers = guest.start();
        assertEquals(StopReason.SIGNAL, context.run(registers), one.toString());
        assertEquals(one.signal(), context.signalNumber());
        assertTrue(context.signalCode() > 0);
        assertEquals(CODE + one.ripOffset(), registers.rip());
        assertEquals(-1, registers.origRax());
      }
    }
  }

  @Test
  void callsOfThe32BitKindAreRefused() {
    List<MachineCode> codes =
        List.of(
            code().set(MachineCode.RAX, 20).raw(0xcd, 0x80), // int 0x80
            code().set(MachineCode.RAX, 20).raw(0x0f, 0x34)); // sysenter
    for (MachineCode code : codes) {
      try (GuestFixture guest = guest(code);
          Context context = guest.space.newContext()) {
        StopReason reason = context.run(guest.start());
        assertTrue(reason == StopReason.SIGNAL || reason == StopReason.FAULT, reason.toString());
        assertTrue(
            context.signalNumber() == SIGSEGV || context.signalNumber() == SIGILL,
            "signal " + context.signalNumber());
      }
    }
  }

  @Test
  void callsThroughTheVsyscallPageAreTheSentrys() {
    MachineCode code =
        code().set(MachineCode.RAX, 0xffff_ffff_ff60_0400L).raw(0xff, 0xd0).store().call(1);
    try (GuestFixture guest = guest(code);
        Context context = guest.space.newContext()) {
      Registers registers = guest.start();
      StopReason reason = context.run(registers);
      if (reason == StopReason.FAULT) {
        // A host without that page.
        assertEquals(0xffff_ffff_ff60_0400L, context.faultAddress());
        assertEquals(AccessType.EXECUTE, context.faultAccess());
      } else {
        assertEquals(StopReason.SYSCALL, reason);
        assertEquals(201, registers.origRax());
        registers.setRax(1234);
        registers.setRdi(DATA);
        expectCall(1, context, registers);
        assertEquals(1234, guest.data().get(ValueLayout.JAVA_INT, 0));
      }
    }
  }

  @Test
  void singleStepsGoOneInstructionAtATime() {
    MachineCode code = code().raw(0x90, 0x90).increment().call(1);
    try (GuestFixture guest = guest(code);
        Context context = guest.space.newContext()) {
      context.setSingleStep(true);
      Registers registers = guest.start();
      long[] expected = {1, 2, 5, 15};
      for (long offset : expected) {
        assertEquals(StopReason.STEP, context.run(registers));
        assertEquals(CODE + offset, registers.rip());
      }
      expectCall(1, context, registers);
      assertEquals(CODE + 17, registers.rip());
    }
  }

  @Test
  void singleStepsCanBeSwitchedOff() {
    MachineCode code = code().raw(0x90, 0x90).call(1);
    try (GuestFixture guest = guest(code);
        Context context = guest.space.newContext()) {
      context.setSingleStep(true);
      Registers registers = guest.start();
      assertEquals(StopReason.STEP, context.run(registers));
      context.setSingleStep(false);
      expectCall(1, context, registers);
      assertEquals(0, registers.eflags() & 0x100);
    }
  }

  @Test
  void theBaseOfFsIsTheGuests() {
    MachineCode code =
        code().raw(0x64, 0x8b, 0x04, 0x25, 0x10, 0, 0, 0).store().call(1); // mov eax, fs:0x10
    try (GuestFixture guest = guest(code);
        Context context = guest.space.newContext()) {
      guest.data().set(ValueLayout.JAVA_INT, 0x110, 99);
      Registers registers = guest.start();
      registers.setFsBase(DATA + 0x100);
      registers.setGsBase(0x1234);
      expectCall(1, context, registers);
      assertEquals(99, guest.data().get(ValueLayout.JAVA_INT, 0));
      assertEquals(DATA + 0x100, registers.fsBase());
      assertEquals(0x1234, registers.gsBase());
    }
  }

  @Test
  void generalRegistersSurviveTheWayInAndOut() {
    MachineCode code = code().syscall().loop();
    try (GuestFixture guest = guest(code);
        Context context = guest.space.newContext()) {
      Registers registers = guest.start();
      int[] general = {
        Registers.R15, Registers.R14, Registers.R13, Registers.R12, Registers.RBP, Registers.RBX,
        Registers.R10, Registers.R9, Registers.R8, Registers.RDX, Registers.RSI, Registers.RDI,
        Registers.RSP
      };
      for (int index : general) {
        registers.set(index, 0x1111_0000_0000_0000L * index + index);
      }
      registers.setRax(77);
      registers.setEflags(0x202 | 0x1 | 0x40); // carry and zero
      Registers expected = new Registers(registers);
      expectCall(77, context, registers);
      for (int index : general) {
        assertEquals(expected.get(index), registers.get(index), "word " + index);
      }
      assertEquals(expected.eflags(), registers.eflags());
      assertEquals(expected.eflags(), registers.get(Registers.R11));
    }
  }

  @Test
  void valuesThatUserCodeCannotHaveAreReplaced() {
    MachineCode code = code().call(1).loop();
    try (GuestFixture guest = guest(code);
        Context context = guest.space.newContext()) {
      long[] hostile = {-1, 0, 1L << 63, 0x10, 0x8000_0000_0000L, 0xffff_8000_0000_0000L};
      for (long value : hostile) {
        Registers registers = guest.start();
        registers.set(Registers.CS, value);
        registers.set(Registers.SS, value);
        registers.set(Registers.DS, value);
        registers.set(Registers.ES, value);
        registers.set(Registers.FS, value);
        registers.set(Registers.GS, value);
        registers.setFsBase(value);
        registers.setGsBase(value);
        registers.setOrigRax(value);
        registers.setEflags(value & ~0x40100); // neither single steps nor alignment checks
        expectCall(1, context, registers);
        assertEquals(0x33, registers.get(Registers.CS));
        assertEquals(0x2b, registers.get(Registers.SS));
        assertEquals(0x202, registers.eflags() & 0x3202);
      }
    }
  }

  @Test
  void jumpsToAddressesThatCannotBeAreSignalsOrFaults() {
    try (GuestFixture guest = guest(code().call(1));
        Context context = guest.space.newContext()) {
      long[] addresses = {1L << 63, 0x8000_0000_0000L, -1, 0, 0x7fff_ffff_f000L};
      for (long address : addresses) {
        Registers registers = guest.start();
        registers.setRip(address);
        StopReason reason = context.run(registers);
        assertTrue(
            reason == StopReason.SIGNAL || reason == StopReason.FAULT,
            reason + " at " + Long.toHexString(address));
      }
      expectCall(1, context, guest.start());
    }
  }

  @Test
  void vectorStateStaysWithItsThread() throws Exception {
    MachineCode code =
        code()
            .raw(0x66, 0x48, 0x0f, 0x6e, 0xc3) // movq xmm0, rbx
            .call(1)
            .raw(0x66, 0x48, 0x0f, 0x7e, 0xc0) // movq rax, xmm0
            .store()
            .call(2);
    try (GuestFixture guest = guest(code);
        Context context = guest.space.newContext()) {
      Registers registers = guest.start();
      registers.set(Registers.RBX, 0x5555);
      expectCall(1, context, registers);
      onAnotherThread(
          () -> {
            try (Context other = guest.space.newContext()) {
              Registers others = guest.start();
              others.set(Registers.RBX, 0x6666);
              expectCall(1, other, others);
              guest.space.mapFile(UNMAPPED, guest.page(1), AccessType.READ, false);
            }
          });
      guest.space.mapFile(UNMAPPED, guest.page(1), AccessType.READ, false);
      expectCall(2, context, registers);
      assertEquals(0x5555, guest.data().get(ValueLayout.JAVA_INT, 0));
    }
  }

  @Test
  void vectorStateCanBeCarriedToAnotherContext() throws Exception {
    MachineCode code =
        code()
            .raw(0x66, 0x48, 0x0f, 0x6e, 0xc3) // movq xmm0, rbx
            .call(1)
            .raw(0x66, 0x48, 0x0f, 0x7e, 0xc0) // movq rax, xmm0
            .store()
            .call(2);
    try (GuestFixture guest = guest(code);
        GuestFixture fork = guest(code);
        Arena arena = Arena.ofShared();
        Context context = guest.space.newContext()) {
      MemorySegment area = arena.allocate(context.floatingPointByteCount(), 64);
      assertTrue(area.byteSize() >= 576);
      Registers registers = guest.start();
      registers.set(Registers.RBX, 0x7777);
      expectCall(1, context, registers);
      context.saveFloatingPoint(area);
      onAnotherThread(
          () -> {
            try (Context child = fork.space.newContext()) {
              child.loadFloatingPoint(area);
              Registers copy = new Registers(registers);
              expectCall(2, child, copy);
            }
          });
      assertEquals(0x7777, fork.data().get(ValueLayout.JAVA_INT, 0));
    }
  }

  @Test
  void aNewContextHasTheVectorStateOfANewProgram() {
    try (GuestFixture guest = guest(code());
        Arena arena = Arena.ofConfined();
        Context context = guest.space.newContext()) {
      MemorySegment area = arena.allocate(context.floatingPointByteCount(), 64);
      context.saveFloatingPoint(area);
      assertEquals(0x37f, area.get(ValueLayout.JAVA_SHORT, 0)); // x87 control word
      assertEquals(0x1f80, area.get(ValueLayout.JAVA_INT, 24)); // MXCSR
      assertEquals(0, area.get(ValueLayout.JAVA_LONG, 160)); // xmm0
    }
  }

  @Test
  void nothingOfAContextIsInTheNextOne() throws Exception {
    MachineCode code = code().raw(0x66, 0x48, 0x0f, 0x6e, 0xc3).call(1).loop(); // movq xmm0, rbx
    try (GuestFixture guest = guest(code);
        Arena arena = Arena.ofConfined()) {
      for (int round = 0; round < 3; round++) {
        try (Context context = guest.space.newContext()) {
          MemorySegment area = arena.allocate(context.floatingPointByteCount(), 64);
          context.saveFloatingPoint(area);
          assertEquals(0, area.get(ValueLayout.JAVA_LONG, 160)); // xmm0
          context.setSingleStep(round == 1);
          Registers registers = guest.start();
          registers.set(Registers.RBX, 0x5555);
          if (round == 1) {
            assertEquals(StopReason.STEP, context.run(registers));
          } else {
            expectCall(1, context, registers);
          }
          // Comes for a thread that does not run any more.
          context.interrupt();
        }
      }
    }
  }

  @Test
  void moreThreadsThanAreKeptComeAndGo() throws Exception {
    try (GuestFixture guest = guest(code().call(1).loop())) {
      for (int round = 0; round < 3; round++) {
        List<Context> contexts = new ArrayList<>();
        for (int thread = 0; thread < 20; thread++) {
          contexts.add(guest.space.newContext());
        }
        for (Context context : contexts) {
          expectCall(1, context, guest.start());
          guest.space.mapFile(UNMAPPED, guest.page(1), AccessType.READ, false);
        }
        contexts.forEach(Context::close);
      }
    }
  }

  @Test
  void vectorStateThatTheHardwareRefusesIsRefused() {
    MachineCode code = code().raw(0x66, 0x48, 0x0f, 0x6e, 0xc3).call(1).loop();
    try (GuestFixture guest = guest(code);
        Arena arena = Arena.ofConfined();
        Context context = guest.space.newContext()) {
      Registers registers = guest.start();
      registers.set(Registers.RBX, 0x1234);
      expectCall(1, context, registers);
      MemorySegment good = arena.allocate(context.floatingPointByteCount(), 64);
      context.saveFloatingPoint(good);
      MemorySegment bad = arena.allocate(good.byteSize(), 64);
      bad.copyFrom(good);
      bad.set(ValueLayout.JAVA_INT, 24, 0xffff_ffff); // reserved bits of MXCSR
      refuse(context, bad);
      bad.copyFrom(good);
      bad.set(ValueLayout.JAVA_LONG, 512, -1); // features that there are not
      refuse(context, bad);
      bad.copyFrom(good);
      bad.set(ValueLayout.JAVA_LONG, 520, 1L << 63); // the compacted format
      refuse(context, bad);
      context.saveFloatingPoint(bad);
      assertEquals(0x1234, bad.get(ValueLayout.JAVA_LONG, 160));
      expectCall(1, context, registers);
    }
  }

  private static void refuse(Context context, MemorySegment area) {
    LinuxException refused =
        assertThrows(LinuxException.class, () -> context.loadFloatingPoint(area));
    assertSame(Errno.EINVAL, refused.errno());
  }

  @Test
  void aContextBelongsToItsThread() throws Exception {
    try (GuestFixture guest = guest(code().call(1));
        Context context = guest.space.newContext()) {
      onAnotherThread(
          () -> {
            assertThrows(IllegalStateException.class, () -> context.run(guest.start()));
            assertThrows(IllegalStateException.class, context::close);
          });
      expectCall(1, context, guest.start());
    }
  }

  @Test
  void aVirtualThreadCannotOwnAContext() throws Exception {
    try (GuestFixture guest = guest(code())) {
      FutureTask<Void> task =
          new FutureTask<>(
              () -> {
                assertThrows(IllegalStateException.class, guest.space::newContext);
                return null;
              });
      Thread.ofVirtual().start(task);
      task.get();
    }
  }

  @Test
  void closingAnAddressSpaceStopsItsThreads() throws Exception {
    GuestFixture guest = guest(code().increment().loop());
    CountDownLatch started = new CountDownLatch(2);
    List<FutureTask<StopReason>> tasks = new ArrayList<>();
    for (int thread = 0; thread < 2; thread++) {
      FutureTask<StopReason> task =
          new FutureTask<>(
              () -> {
                try (Context context = guest.space.newContext()) {
                  started.countDown();
                  StopReason reason = context.run(guest.start());
                  assertEquals(StopReason.DEAD, context.run(guest.start()));
                  return reason;
                }
              });
      tasks.add(task);
      Thread.ofPlatform().start(task);
    }
    started.await();
    guest.space.close();
    int after = guest.data().get(ValueLayout.JAVA_INT, 0);
    for (FutureTask<StopReason> task : tasks) {
      assertEquals(StopReason.DEAD, task.get());
    }
    assertEquals(after, guest.data().get(ValueLayout.JAVA_INT, 0));
    guest.space.mapFile(DATA, guest.page(1), AccessType.READ, false);
    guest.space.unmap(DATA, PAGE);
    guest.close();
  }

  @Test
  void closingThePlatformEndsEverything() throws Exception {
    GuestFixture guest = guest(code().increment().loop());
    CountDownLatch started = new CountDownLatch(1);
    FutureTask<StopReason> task =
        new FutureTask<>(
            () -> {
              try (Context context = guest.space.newContext()) {
                started.countDown();
                return context.run(guest.start());
              }
            });
    Thread.ofPlatform().start(task);
    started.await();
    platform.close();
    assertEquals(StopReason.DEAD, task.get());
    guest.close();
    assertThrows(IllegalStateException.class, platform::newAddressSpace);
  }

  @Test
  void manyAddressSpacesOneAfterTheOtherLeaveNothingBehind() {
    for (int round = 0; round < 30; round++) {
      try (GuestFixture guest = guest(code().call(1));
          Context context = guest.space.newContext()) {
        expectCall(1, context, guest.start());
      }
    }
    platform.close();
    assertEquals(0, file.usage().allocated());
  }

  @Test
  void theStackOfTheGuestIsNotTouched() {
    MachineCode code = code().call(1).loop();
    try (GuestFixture guest = guest(code);
        Context context = guest.space.newContext()) {
      Registers registers = guest.start();
      registers.setRsp(STACK + PAGE / 2);
      MemorySegment stack = file.segment(guest.page(2));
      stack.fill((byte) 0x5a);
      for (int round = 0; round < 10; round++) {
        expectCall(1, context, registers);
        guest.space.mapFile(UNMAPPED, guest.page(1), AccessType.READ, false);
      }
      for (long offset = 0; offset < PAGE; offset++) {
        assertEquals(0x5a, stack.get(ValueLayout.JAVA_BYTE, offset));
      }
    }
  }

  @Test
  void guestsDieWithTheJvmWhateverKillsIt() throws Exception {
    Process jvm = ChildJvm.start(OrphanedGuest.class, kind().label());
    List<Long> stubs;
    try (BufferedReader output = jvm.inputReader()) {
      assertEquals("ready", output.readLine());
      stubs = ChildJvm.stubsOf(jvm.pid());
      // The master, two guests, and perhaps some for guests to come.
      assertTrue(stubs.size() >= 3, stubs.toString());
    } finally {
      jvm.destroyForcibly(); // SIGKILL
    }
    jvm.waitFor();
    for (long stub : stubs) {
      while (ChildJvm.isAlive(stub)) {
        Thread.sleep(1);
      }
    }
  }

  @Test
  void aProcessThatTheHostKillsIsDead() throws Exception {
    try (GuestFixture guest = guest(code().call(1).loop());
        GuestFixture other = guest(code().call(1).loop());
        Context context = guest.space.newContext();
        Context survivor = other.space.newContext()) {
      Registers registers = guest.start();
      expectCall(1, context, registers);
      long stub = ((StubAddressSpace) guest.space).process().processId();
      ProcessHandle.of(stub).orElseThrow().destroyForcibly();
      StopReason reason = StopReason.SYSCALL;
      while (reason == StopReason.SYSCALL) {
        reason = context.run(registers);
      }
      assertEquals(StopReason.DEAD, reason);
      guest.space.mapFile(DATA, guest.page(1), AccessType.READ, false);
      onAnotherThread(() -> guest.space.unmap(DATA, PAGE));
      assertThrows(LinuxException.class, guest.space::newContext);
      context.interrupt();
      expectCall(1, survivor, other.start());
    }
  }

  /** Sends a signal to the process of a guest, as another program would. */
  protected static void send(String signal, GuestFixture guest) throws Exception {
    long stub = ((StubAddressSpace) guest.space).process().processId();
    new ProcessBuilder("kill", signal, Long.toString(stub)).inheritIO().start().waitFor();
  }

  @Test
  void signalsThatOthersSendToAStubAreNotTheGuests() throws Exception {
    try (GuestFixture guest = guest(code().call(1).loop());
        Context context = guest.space.newContext()) {
      Registers registers = guest.start();
      for (String signal : List.of("-TERM", "-INT", "-URG", "-CHLD", "-SEGV", "-TRAP")) {
        send(signal, guest);
        for (int round = 0; round < 5; round++) {
          expectCall(1, context, registers);
          guest.space.mapFile(UNMAPPED, guest.page(1), AccessType.READ, false);
        }
        onAnotherThread(() -> guest.space.unmap(UNMAPPED, PAGE));
      }
    }
  }

  @Test
  void theHostsClocksAreReadWithoutTheSentry() {
    OptionalLong function = platform.clockFunction();
    assumeTrue(function.isPresent(), "the host offers no clock that can be kept");
    assertTrue(Addr.lessThan(platform.maxAddress() - 1, function.getAsLong()));
    MachineCode code = code();
    for (int clock = 0; clock <= 1; clock++) {
      code.set(MachineCode.RDI, clock)
          .set(MachineCode.RSI, DATA + 16L * clock)
          .set(MachineCode.RAX, function.getAsLong())
          .callRax();
    }
    code.call(GETPPID);
    try (GuestFixture guest = guest(code);
        Context context = guest.space.newContext()) {
      Registers registers = guest.start();
      long wallBefore = wallNanos();
      long before = System.nanoTime();
      int calls = 0;
      // Where the host's clock source is none for programs, the function makes a system call.
      while (context.run(registers) == StopReason.SYSCALL && registers.origRax() == CLOCK_GETTIME) {
        calls++;
      }
      assumeTrue(calls == 0, "the host's clocks can't be read without a system call");
      long after = System.nanoTime();
      long wallAfter = wallNanos();
      assertEquals(GETPPID, registers.origRax());
      long monotonic = time(guest, 16);
      assertTrue(before <= monotonic && monotonic <= after, () -> before + " " + monotonic);
      long wall = time(guest, 0);
      assertTrue(wallBefore <= wall && wall <= wallAfter, () -> wallBefore + " " + wall);
    }
  }

  private static long time(GuestFixture guest, long at) {
    return TimeUnit.SECONDS.toNanos(guest.data().get(ValueLayout.JAVA_LONG, at))
        + guest.data().get(ValueLayout.JAVA_LONG, at + 8);
  }

  private static long wallNanos() {
    Instant now = Instant.now();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }
}
