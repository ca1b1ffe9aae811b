package org.usermem.platform.stub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.platform.contract.ChildJvm;
import org.usermem.platform.host.SystemCall;
import org.usermem.platform.memory.HostMemoryFile;
import org.usermem.platform.memory.MemoryFileOptions;

@Timeout(60)
class StubProcessTest {

  private static final long SELF = ProcessHandle.current().pid();

  private final HostMemoryFile file = HostMemoryFile.create(MemoryFileOptions.withLimit(1 << 20));
  private final StubMaster master =
      StubMaster.start(file.fileDescriptor(), StubFlavor.TRACED, Processors.unbound());

  @AfterEach
  void close() {
    master.close();
    file.close();
  }

  @Test
  void holdsNoDescriptorButTheMemoryFile() throws IOException {
    for (long process : ChildJvm.stubsOf(SELF)) {
      try (Stream<Path> entries = Files.list(Path.of("/proc/" + process + "/fd"))) {
        List<Path> descriptors = entries.toList();
        assertEquals(1, descriptors.size(), descriptors.toString());
        assertEquals("0", descriptors.get(0).getFileName().toString());
        assertTrue(Files.readSymbolicLink(descriptors.get(0)).toString().contains("memfd:usermem"));
      }
    }
  }

  @Test
  void hasNothingInItsAddressSpaceButItsCodeAndTheHostsClocks() throws IOException {
    StubProcess process = master.newProcess();
    List<String> maps =
        Files.readAllLines(Path.of("/proc/" + process.processId() + "/maps")).stream()
            .filter(line -> !line.endsWith("[vsyscall]"))
            .filter(line -> !isHostsClock(line))
            .toList();
    assertEquals(1, maps.size(), maps.toString());
    assertTrue(maps.get(0).startsWith("7fffffff0000-7fffffff1000 r-xp"), maps.toString());
  }

  /** What the host's kernel lets nobody write, at the place for it. */
  private static boolean isHostsClock(String line) {
    boolean known = line.contains(" [vvar") || line.endsWith("[vdso]");
    return known && line.startsWith("7ffffffe") && line.split(" ", 3)[1].charAt(1) == '-';
  }

  @Test
  void hasASeccompFilterAndNoSignalMaskOfTheJvm() throws IOException {
    StubProcess process = master.newProcess();
    List<String> status = Files.readAllLines(Path.of("/proc/" + process.processId() + "/status"));
    List<String> expected =
        List.of(
            "Seccomp:\t2", "NoNewPrivs:\t1", "SigIgn:\t0000000000000000", "Name:\tusermem-stub");
    assertEquals(expected, expected.stream().filter(status::contains).toList(), status::toString);
    String blocked =
        status.stream().filter(line -> line.startsWith("SigBlk:\t")).findFirst().orElseThrow();
    long difference = Long.parseUnsignedLong(blocked.substring(8), 16) ^ Signals.BLOCKED;
    // Two that nobody can block, and two that the C library keeps for itself.
    long exceptions = Signals.bit(9) | Signals.bit(19) | Signals.bit(32) | Signals.bit(33);
    assertEquals(0, difference & ~exceptions);
  }

  @Test
  void callsThatThePlatformDoesNotInjectAreTrapped() {
    StubProcess process = master.newProcess();
    TracedThread thread = process.newThread();
    try {
      for (int number :
          new int[] {SystemCall.GETPID, SystemCall.READ, SystemCall.PTRACE, 59, 257}) {
        assertTrapped(() -> thread.inject(number, 0, 0, 0, 0, 0, 0));
      }
      // Memory that is not the memory file's, and mappings that are not shared.
      assertTrapped(() -> thread.inject(SystemCall.MMAP, 0x10000, 4096, 3, 0x32, -1, 0));
      assertTrapped(() -> thread.inject(SystemCall.MMAP, 0x10000, 4096, 3, 0x12, 0, 0));
      assertTrapped(() -> thread.inject(SystemCall.MMAP, 0x10000, 4096, 1L << 32, 0x11, 0, 0));
      assertTrapped(() -> thread.inject(SystemCall.CLONE, 0x11, 0, 0, 0, 0, 0));
      assertEquals(0x10000, thread.inject(SystemCall.MMAP, 0x10000, 4096, 7, 0x11, 0, 0));
    } finally {
      thread.close();
    }
  }

  private static void assertTrapped(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException stopped) {
      assertTrue(
          String.valueOf(stopped.getMessage()).contains("status 0x1f7f"), stopped.toString());
      return;
    }
    assertFalse(true, "the host has executed the call");
  }

  @Test
  void diesWithThePlatform() throws IOException {
    StubProcess process = master.newProcess();
    assertTrue(ChildJvm.isAlive(process.processId()));
    master.close();
    assertEquals(List.of(), ChildJvm.stubsOf(SELF));
  }

  @Test
  void aDeadProcessIsReaped() throws Exception {
    StubProcess process = master.newProcess();
    master.end(process);
    while (Files.exists(Path.of("/proc/" + process.processId()))) {
      Thread.sleep(1);
    }
  }

  @Test
  void anotherProcessCannotBeKilledTwice() {
    StubProcess process = master.newProcess();
    process.kill();
    process.kill();
    assertTrue(process.isDead());
  }
}
