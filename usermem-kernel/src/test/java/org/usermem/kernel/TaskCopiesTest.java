package org.usermem.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoMoreInteractions;
import static org.mockito.Mockito.when;
import static org.usermem.kernel.ProcessTest.assertErrno;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.addr.AccessType;
import org.usermem.addr.AddrRangeSeq;
import org.usermem.block.BlockReader;
import org.usermem.block.BlockWriter;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.Whence;
import org.usermem.io.IOOpts;
import org.usermem.kernel.fixture.KernelFixture;
import org.usermem.kernel.fixture.Script;
import org.usermem.sequence.Sink;

@Timeout(120)
class TaskCopiesTest {

  private static final long PAGE = 4096;
  private static final long BASE = 0x40_0000;

  private final KernelFixture fixture = new KernelFixture();

  @AfterEach
  void close() {
    fixture.assertQuiet();
    fixture.close();
  }

  private void withMemory(Consumer<Task> body) {
    fixture.onTask(
        task -> {
          task.memoryManager().mmap(KernelFixture.anonymousAt(BASE, 4));
          body.accept(task);
          return 0;
        });
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void copiesAreForTheTasksOwnThread() {
    AtomicBoolean done = new AtomicBoolean();
    Task task =
        fixture.start(
            fixture
                .script()
                .does(
                    each -> {
                      each.memoryManager().mmap(KernelFixture.anonymousAt(BASE, 1));
                      each.blocking().untilKilled(done::get);
                    }));
    KernelFixture.await(() -> task.state() == TaskState.UNINTERRUPTIBLE);
    List<Runnable> copies =
        List.of(
            () -> task.copyIn(BASE, MemorySegment.ofArray(new byte[1])),
            () -> task.copyOut(BASE, MemorySegment.ofArray(new byte[1])),
            () -> task.copyInFully(BASE, MemorySegment.ofArray(new byte[1])),
            () -> task.copyOutFully(BASE, MemorySegment.ofArray(new byte[1])),
            () -> task.copyInStruct(BASE, ValueLayout.JAVA_LONG),
            () -> task.copyInInt(BASE),
            () -> task.copyInLong(BASE),
            () -> task.copyOutInt(BASE, 1),
            () -> task.copyOutLong(BASE, 1),
            () -> task.copyInString(BASE, 10),
            () -> task.copyInStringVector(BASE, 10, 10),
            () -> task.copyInIovecs(BASE, 1),
            () -> task.copyOutIovecs(BASE, AddrRangeSeq.empty()),
            () -> task.singleSource(BASE, 1),
            () -> task.singleSink(BASE, 1),
            () -> task.iovecsSource(BASE, 1),
            () -> task.iovecsSink(BASE, 1),
            () -> task.scratch(8));
    for (Runnable copy : copies) {
      assertThrows(AssertionError.class, copy::run);
    }
    try (MemoryUse use = task.useMemory()) {
      use.memory().storeInt(BASE, 7, IOOpts.DEFAULT);
    }
    done.set(true);
    task.blocking().wake();
    fixture.awaitExit(task);
    assertErrno(Errno.ESRCH, task::useMemory);
  }

  @Test
  void wordsAreReadAndWrittenAtAnyAddress() {
    withMemory(
        task -> {
          for (long addr : new long[] {BASE, BASE + 1, BASE + PAGE - 3, BASE + PAGE - 4}) {
            task.copyOutInt(addr, 0x1234_5678);
            assertEquals(0x1234_5678, task.copyInInt(addr));
            task.copyOutLong(addr, 0x1122_3344_5566_7788L);
            assertEquals(0x1122_3344_5566_7788L, task.copyInLong(addr));
          }
          assertErrno(Errno.EFAULT, () -> task.copyInLong(BASE + 4 * PAGE - 4));
          assertErrno(Errno.EFAULT, () -> task.copyOutInt(BASE + 4 * PAGE - 2, 1));
        });
  }

  @Test
  void structsAreCopiedWholeOrNotAtAll() {
    MemoryLayout layout =
        MemoryLayout.structLayout(
            ValueLayout.JAVA_LONG_UNALIGNED.withName("seconds"),
            ValueLayout.JAVA_LONG_UNALIGNED.withName("nanoseconds"));
    withMemory(
        task -> {
          task.copyOutLong(BASE, 5);
          task.copyOutLong(BASE + 8, 6);
          MemorySegment struct = task.copyInStruct(BASE, layout);
          assertEquals(6, struct.get(ValueLayout.JAVA_LONG_UNALIGNED, 8));
          assertErrno(Errno.EFAULT, () -> task.copyInStruct(BASE + 4 * PAGE - 8, layout));
        });
  }

  @Test
  void stringsEndAtTheirNulOrFail() {
    withMemory(
        task -> {
          long end = BASE + 4 * PAGE;
          task.copyOutFully(end - 6, MemorySegment.ofArray(bytes("hello\0")));
          assertEquals("hello", task.copyInString(end - 6, 100));
          assertErrno(Errno.ENAMETOOLONG, () -> task.copyInString(end - 6, 5));
          task.copyOutFully(end - 6, MemorySegment.ofArray(bytes("hello!")));
          assertErrno(Errno.EFAULT, () -> task.copyInString(end - 6, 100));
        });
  }

  @Test
  void vectorsOfStringsEndWithANullPointerOrAtTheirLimits() {
    withMemory(
        task -> {
          task.copyOutFully(BASE, MemorySegment.ofArray(bytes("one\0two\0")));
          task.copyOutLong(BASE + 64, BASE);
          task.copyOutLong(BASE + 72, BASE + 4);
          task.copyOutLong(BASE + 80, 0);
          List<byte[]> strings = task.copyInStringVector(BASE + 64, 100, 1000);
          assertEquals(2, strings.size());
          assertArrayEquals(bytes("two"), strings.get(1));
          assertEquals(List.of(), task.copyInStringVector(0, 100, 1000));
          assertErrno(Errno.E2BIG, () -> task.copyInStringVector(BASE + 64, 3, 1000));
          assertErrno(Errno.E2BIG, () -> task.copyInStringVector(BASE + 64, 100, 23));
          assertEquals(2, task.copyInStringVector(BASE + 64, 100, 24).size());
          task.copyOutLong(BASE + 72, 1);
          assertErrno(Errno.EFAULT, () -> task.copyInStringVector(BASE + 64, 100, 1000));
          assertErrno(Errno.EFAULT, () -> task.copyInStringVector(BASE + 4 * PAGE, 100, 1000));
        });
  }

  @Test
  void iovecsAreCopiedOutAsTheyAreCopiedIn() {
    withMemory(
        task -> {
          AddrRangeSeq ranges = AddrRangeSeq.ofPairs(new long[] {BASE, 10, BASE + 50, 0}, 2);
          task.copyOutIovecs(BASE + 100, ranges);
          assertEquals(ranges, task.copyInIovecs(BASE + 100, 2));
          assertEquals(AddrRangeSeq.empty(), task.copyInIovecs(1, 0));
          assertErrno(Errno.EINVAL, () -> task.copyInIovecs(BASE, -1));
          assertErrno(Errno.EINVAL, () -> task.copyInIovecs(BASE, 1025));
          assertErrno(Errno.EFAULT, () -> task.copyOutIovecs(BASE + 4 * PAGE - 8, ranges));
        });
  }

  @Test
  void aTransferIsCutToWhatOneCallMoves() {
    withMemory(
        task -> {
          assertEquals(0x7fff_f000L, task.singleSource(BASE, 1L << 40).numBytes());
          assertEquals(0x7fff_f000L, task.singleSink(BASE, Integer.MAX_VALUE).numBytes());
          AddrRangeSeq ranges =
              AddrRangeSeq.ofPairs(new long[] {BASE, 0x7fff_0000L, BASE, 1L << 40}, 2);
          task.copyOutIovecs(BASE, ranges);
          assertEquals(0x7fff_f000L, task.iovecsSource(BASE, 2).numBytes());
          assertErrno(Errno.EFAULT, () -> task.singleSource(BASE, -1));
          assertErrno(Errno.EFAULT, () -> task.singleSink(-4096, 8192));
        });
  }

  @Test
  void aReaderIsNotAskedWhenNothingCanBeWritten() {
    BlockReader reader = mock(BlockReader.class);
    withMemory(
        task -> {
          task.memoryManager().mprotect(BASE, PAGE, AccessType.READ, false);
          Sink sink = task.singleSink(BASE, 2 * PAGE);
          assertErrno(Errno.EFAULT, () -> sink.copyOutFrom(reader));
          assertErrno(Errno.EFAULT, () -> task.singleSink(0x1000, 100).copyOutFrom(reader));
        });
    verify(reader, never()).readToBlocks(any());
  }

  @Test
  void aReaderIsAskedOnceForWhatLiesBeforeTheFault() {
    BlockReader reader = mock(BlockReader.class);
    when(reader.readToBlocks(any())).thenReturn(30L);
    withMemory(
        task -> {
          task.memoryManager().munmap(BASE + PAGE, PAGE);
          Sink sink = task.singleSink(BASE + PAGE - 30, 2 * PAGE);
          assertEquals(30, sink.copyOutFrom(reader));
        });
    verify(reader, times(1)).readToBlocks(argThat(blocks -> blocks.numBytes() == 30));
    verifyNoMoreInteractions(reader);
  }

  @Test
  void aWriterIsAskedOnceForWhatCanBeRead() {
    BlockWriter writer = mock(BlockWriter.class);
    when(writer.writeFromBlocks(any())).thenReturn(7L);
    withMemory(
        task -> {
          task.memoryManager().munmap(BASE + PAGE, PAGE);
          assertEquals(7, task.singleSource(BASE + PAGE - 30, 2 * PAGE).copyInTo(writer));
          assertErrno(Errno.EFAULT, () -> task.singleSource(BASE + PAGE, 10).copyInTo(writer));
        });
    verify(writer, times(1)).writeFromBlocks(any());
  }

  @Test
  void nothingIsLostOrLeakedWhenOneTaskUnmapsWhatAnotherReadsInto() {
    int rounds = 10_000;
    int chunk = 3 * 4096;
    AtomicBoolean over = new AtomicBoolean();
    byte[] content = new byte[chunk];
    for (int index = 0; index < chunk; index++) {
      content[index] = (byte) ((index * 31) >> 3);
    }
    fixture.write("/data", new String(content, StandardCharsets.ISO_8859_1));
    Script unmapper =
        fixture
            .script()
            .does(
                task -> {
                  while (!over.get() && !task.isKilled()) {
                    task.memoryManager().mmap(KernelFixture.anonymousAt(BASE, 3));
                    task.memoryManager().munmap(BASE + PAGE, PAGE);
                  }
                })
            .does(task -> task.exit(0));
    fixture.onTask(
        task -> {
          FileDescription file = fixture.open("/data", OpenFlags.READ_ONLY);
          task.memoryManager().mmap(KernelFixture.anonymousAt(BASE, 3));
          KernelFixture.thread(task, unmapper);
          try {
            for (int round = 0; round < rounds; round++) {
              readOnce(task, file, chunk);
            }
          } finally {
            over.set(true);
            file.decRef();
          }
          return 0;
        });
  }

  private static void readOnce(Task task, FileDescription file, int byteCount) {
    file.seek(0, Whence.SET);
    long total = 0;
    while (total < byteCount) {
      long moved;
      try {
        moved = file.read(task.singleSink(BASE + total, byteCount - total));
      } catch (LinuxException e) {
        assertEquals(Errno.EFAULT, e.errno());
        break;
      }
      total += moved;
      assertEquals(total, file.seek(0, Whence.CURRENT));
    }
    assertEquals(total, file.seek(0, Whence.CURRENT));
  }
}
