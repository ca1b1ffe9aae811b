package org.usermem.errno;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.EOFException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HostErrnoTest {

  @Test
  void classesOfExceptionsStandForErrnos() {
    Map<IOException, Errno> expected =
        Map.ofEntries(
            Map.entry(new ClosedByInterruptException(), Errno.EINTR),
            Map.entry(new AsynchronousCloseException(), Errno.EBADF),
            Map.entry(new ClosedChannelException(), Errno.EBADF),
            Map.entry(new EOFException(), Errno.EIO),
            Map.entry(new SocketTimeoutException(), Errno.EAGAIN),
            Map.entry(new PortUnreachableException(), Errno.ECONNREFUSED),
            Map.entry(new NoRouteToHostException(), Errno.EHOSTUNREACH),
            Map.entry(new ConnectException(), Errno.ECONNREFUSED),
            Map.entry(new BindException(), Errno.EADDRINUSE),
            Map.entry(new NoSuchFileException("f"), Errno.ENOENT),
            Map.entry(new AccessDeniedException("f"), Errno.EACCES),
            Map.entry(new FileAlreadyExistsException("f"), Errno.EEXIST),
            Map.entry(new DirectoryNotEmptyException("f"), Errno.ENOTEMPTY),
            Map.entry(new NotDirectoryException("f"), Errno.ENOTDIR),
            Map.entry(new FileSystemLoopException("f"), Errno.ELOOP),
            Map.entry(new NotLinkException("f"), Errno.EINVAL),
            Map.entry(new FileSystemException("f"), Errno.EIO));
    expected.forEach((e, errno) -> assertSame(errno, HostErrno.of(e), e.toString()));
  }

  @Test
  void whatTheHostSaysIsLookedUp() {
    assertSame(Errno.ENOSPC, HostErrno.of(new IOException("No space left on device")));
    assertSame(Errno.EPIPE, HostErrno.of(new IOException("Broken pipe")));
    assertSame(Errno.ETIMEDOUT, HostErrno.of(new ConnectException("Connection timed out")));
    assertSame(
        Errno.EROFS, HostErrno.of(new FileSystemException("f", null, "Read-only file system")));
    assertSame(
        Errno.EPERM, HostErrno.of(new AccessDeniedException("f", null, "Operation not permitted")));
  }

  @Test
  void everyDescriptionIsFound() {
    for (Errno errno : Errno.values()) {
      assertEquals(errno, HostErrno.of(new IOException(errno.description())));
    }
  }

  @Test
  void whatIsNotKnownIsAnInputOutputError() {
    assertSame(Errno.EIO, HostErrno.of(new IOException()));
    assertSame(Errno.EIO, HostErrno.of(new IOException("out of luck")));
  }
}
