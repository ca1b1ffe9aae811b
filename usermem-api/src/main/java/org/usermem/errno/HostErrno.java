package org.usermem.errno;

import java.io.EOFException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
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
import org.jspecify.annotations.Nullable;

/** Which errno an exception of Java's input and output stands for. */
public final class HostErrno {

  private HostErrno() {}

  /**
   * Returns the errno that an exception stands for, EIO if nothing better is known.
   *
   * <p>Java has classes for a few errors only. For the others it passes on what strerror(3) of the
   * host says, so that text is looked up among the descriptions of {@link Errno}.
   */
  public static Errno of(IOException e) {
    return switch (e) {
      case ClosedByInterruptException _ -> Errno.EINTR;
      case ClosedChannelException _ -> Errno.EBADF;
      case EOFException _ -> Errno.EIO;
      case SocketTimeoutException _ -> Errno.EAGAIN;
      case PortUnreachableException _ -> Errno.ECONNREFUSED;
      case NoRouteToHostException _ -> Errno.EHOSTUNREACH;
      case ConnectException _ -> byText(e.getMessage(), Errno.ECONNREFUSED);
      case BindException _ -> byText(e.getMessage(), Errno.EADDRINUSE);
      case FileSystemException file -> ofFile(file);
      default -> byText(e.getMessage(), Errno.EIO);
    };
  }

  private static Errno ofFile(FileSystemException e) {
    return switch (e) {
      case NoSuchFileException _ -> Errno.ENOENT;
      case AccessDeniedException _ -> byText(e.getReason(), Errno.EACCES);
      case FileAlreadyExistsException _ -> Errno.EEXIST;
      case DirectoryNotEmptyException _ -> Errno.ENOTEMPTY;
      case NotDirectoryException _ -> Errno.ENOTDIR;
      case FileSystemLoopException _ -> Errno.ELOOP;
      case NotLinkException _ -> Errno.EINVAL;
      default -> byText(e.getReason(), Errno.EIO);
    };
  }

  private static Errno byText(@Nullable String text, Errno otherwise) {
    for (Errno errno : Errno.values()) {
      if (errno.description().equals(text)) {
        return errno;
      }
    }
    return otherwise;
  }
}
