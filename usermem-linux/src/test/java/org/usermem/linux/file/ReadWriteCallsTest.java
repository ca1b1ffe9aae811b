package org.usermem.linux.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.ArgumentMatchers.same;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.mockito.InOrder;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.TransferOptions;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.kernel.TaskAccounting;
import org.usermem.kernel.TaskParts;
import org.usermem.kernel.ThreadGroup;
import org.usermem.kernel.fd.FileDescriptorTable;
import org.usermem.kernel.limits.ResourceLimits;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/** A call asks the description once, with the program's own sequence, and lets go of it. */
class ReadWriteCallsTest {

  private static final int FD = 3;
  private static final long ADDR = 0x1000;

  private final Task task = mock(Task.class);
  private final FileDescriptorTable files = mock(FileDescriptorTable.class);
  private final FileDescription file = mock(FileDescription.class);
  private final Sink sink = mock(Sink.class);
  private final Source source = mock(Source.class);

  @BeforeEach
  void setUp() {
    TaskParts parts = mock(TaskParts.class);
    when(task.parts()).thenReturn(parts);
    when(parts.accounting()).thenReturn(mock(TaskAccounting.class));
    ThreadGroup group = mock(ThreadGroup.class);
    when(task.files()).thenReturn(files);
    when(task.threadGroup()).thenReturn(group);
    when(group.limits()).thenReturn(ResourceLimits.initial(100));
    when(files.get(FD)).thenReturn(file);
    when(file.isReadable()).thenReturn(true);
    when(file.isWritable()).thenReturn(true);
    when(file.hasPositions()).thenReturn(true);
    when(task.singleSink(ADDR, 10)).thenReturn(sink);
    when(task.iovecsSink(ADDR, 2)).thenReturn(sink);
    when(task.singleSource(ADDR, 10)).thenReturn(source);
    when(task.iovecsSource(ADDR, 2)).thenReturn(source);
    when(sink.numBytes()).thenReturn(10L);
    when(source.numBytes()).thenReturn(10L);
  }

  private static SyscallArguments arguments(long length, long offset) {
    SyscallArguments arguments = mock(SyscallArguments.class);
    when(arguments.asInt(0)).thenReturn(FD);
    when(arguments.asLong(1)).thenReturn(ADDR);
    when(arguments.asLong(2)).thenReturn(length);
    when(arguments.asLong(3)).thenReturn(offset);
    return arguments;
  }

  @Test
  void readAsksTheDescriptionOnce() {
    when(file.read(same(sink), any())).thenReturn(7L);
    assertEquals(7, ReadWriteCalls.read(task, arguments(10, 0)));
    assertEquals(7, ReadWriteCalls.readv(task, arguments(2, 0)));
    verify(file, times(2)).read(same(sink), any());
    verify(file, times(2)).decRef();
    verify(file, never()).readAt(any(), anyLong(), any());
  }

  @Test
  void positionalReadAsksTheDescriptionOnce() {
    when(file.readAt(same(sink), anyLong(), any())).thenReturn(7L);
    assertEquals(7, ReadWriteCalls.pread(task, arguments(10, 50)));
    assertEquals(7, ReadWriteCalls.preadv(task, arguments(2, 50)));
    verify(file, times(2)).readAt(sink, 50, TransferOptions.DEFAULT);
    verify(file, times(2)).decRef();
    verify(file, never()).read(any(), any());
  }

  @Test
  void shortWriteIsNotTriedAgain() {
    when(file.write(same(source), any())).thenReturn(3L);
    assertEquals(3, ReadWriteCalls.write(task, arguments(10, 0)));
    assertEquals(3, ReadWriteCalls.writev(task, arguments(2, 0)));
    verify(file, times(2)).write(same(source), any());
    verify(file, times(2)).decRef();
  }

  @Test
  void descriptionThatWaitsIsAskedForWhatItHasNotTaken() {
    Source rest = mock(Source.class);
    when(file.canWait()).thenReturn(true);
    when(source.dropFirst(6)).thenReturn(rest);
    when(file.write(same(source), any())).thenReturn(6L);
    when(file.write(same(rest), any())).thenReturn(4L);
    assertEquals(10, ReadWriteCalls.write(task, arguments(10, 0)));
    InOrder order = inOrder(file);
    order.verify(file).write(same(source), any());
    order.verify(file).write(same(rest), any());
    order.verify(file).decRef();
    order.verifyNoMoreInteractions();
  }

  @Test
  void faultEndsTheCallAndTheSequenceIsLeftAlone() {
    when(file.read(same(sink), any())).thenThrow(LinuxException.of(Errno.EFAULT));
    when(file.writeAt(same(source), anyLong(), any())).thenThrow(LinuxException.of(Errno.EFAULT));
    assertErrno(Errno.EFAULT, () -> ReadWriteCalls.read(task, arguments(10, 0)));
    assertErrno(Errno.EFAULT, () -> ReadWriteCalls.pwrite(task, arguments(10, 50)));
    verify(file, times(1)).read(any(), any());
    verify(file, times(1)).writeAt(any(), anyLong(), any());
    verify(file, times(2)).decRef();
    verifyNoInteractions(sink);
    verify(source, never()).copyInTo(any());
    verify(source, never()).copyIn(any(), anyLong(), anyLong());
  }

  @Test
  void descriptionThatCannotBeReadIsNotAsked() {
    when(file.isReadable()).thenReturn(false);
    assertErrno(Errno.EBADF, () -> ReadWriteCalls.read(task, arguments(10, 0)));
    verify(task, never()).singleSink(anyLong(), anyLong());
    verify(file, never()).read(any(), any());
    verify(file).decRef();
  }

  @Test
  void badBufferLetsGoOfTheDescription() {
    when(task.singleSource(ADDR, -1)).thenThrow(LinuxException.of(Errno.EFAULT));
    assertErrno(Errno.EFAULT, () -> ReadWriteCalls.write(task, arguments(-1, 0)));
    verify(file, never()).write(any(), any());
    verify(file).decRef();
  }

  private static void assertErrno(Errno expected, Executable call) {
    assertEquals(expected, assertThrows(LinuxException.class, call).errno());
  }
}
