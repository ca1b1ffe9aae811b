package org.usermem.errno;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class LinuxExceptionTest {

  @Test
  void thereIsOneInstanceAnErrno() {
    for (Errno errno : Errno.values()) {
      assertSame(LinuxException.of(errno), LinuxException.of(errno));
      assertSame(errno, LinuxException.of(errno).errno());
    }
  }

  @Test
  void itHasNoStateThatAnyoneCouldChange() {
    LinuxException e = LinuxException.of(Errno.EFAULT);
    e.addSuppressed(new IllegalStateException());
    e.setStackTrace(new StackTraceElement[] {new StackTraceElement("A", "b", "c", 1)});
    assertEquals(0, e.getSuppressed().length);
    assertEquals(0, e.getStackTrace().length);
    assertThrows(IllegalStateException.class, () -> e.initCause(new IllegalStateException()));
  }

  @Test
  void itSaysNameAndDescription() {
    assertEquals(
        "ENOENT (No such file or directory)", LinuxException.of(Errno.ENOENT).getMessage());
    assertEquals(0, LinuxException.of(Errno.ENOENT).bytesMoved());
  }

  @Test
  void aPartialCopySaysHowMuchHadMoved() {
    PartialCopyException e = new PartialCopyException(Errno.EFAULT, 5, 8);
    assertEquals(5, e.bytesMoved());
    assertSame(Errno.EFAULT, e.errno());
    assertEquals("EFAULT after 5 of 8 bytes had been copied", e.getMessage());
    assertEquals(0, e.getStackTrace().length);
  }
}
