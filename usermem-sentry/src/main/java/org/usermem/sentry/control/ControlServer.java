package org.usermem.sentry.control;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.usermem.sentry.console.Answer;
import org.usermem.sentry.console.CommandException;
import org.usermem.sentry.console.Console;

/** Serves a console through a socket in the file system that only its owner may connect to. */
public final class ControlServer implements AutoCloseable {

  private static final int MOST_CONNECTIONS = 16;

  private final Console console;
  private final Path path;
  private final ServerSocketChannel server;
  private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();
  private final Semaphore free = new Semaphore(MOST_CONNECTIONS);

  /**
   * Starts to serve.
   *
   * @param path where the socket is to be; an old socket there that nobody serves is replaced
   * @param console what answers
   * @throws IllegalArgumentException if there can't be a socket
   */
  public ControlServer(Path path, Console console) {
    this.console = console;
    this.path = path.toAbsolutePath();
    try {
      this.server = bind(this.path);
    } catch (IOException | UnsupportedOperationException e) {
      throw new IllegalArgumentException(
          "there can't be a socket " + path + ": " + e.getMessage(), e);
    }
    start(this::accept, "usermem-control");
  }

  /**
   * Makes the socket in a directory that nobody else can enter, and moves it to its place when its
   * permissions are what they are to be.
   */
  private static ServerSocketChannel bind(Path path) throws IOException {
    refuseIfUsed(path);
    Path directory = path.getParent();
    Path hidden =
        Files.createTempDirectory(
            directory,
            ".usermem",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path made = hidden.resolve("s");
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      server.bind(UnixDomainSocketAddress.of(made));
      Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-------"));
      Files.move(made, path, StandardCopyOption.ATOMIC_MOVE);
      return server;
    } catch (IOException e) {
      server.close();
      throw e;
    } finally {
      Files.deleteIfExists(made);
      Files.delete(hidden);
    }
  }

  private static void refuseIfUsed(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Object mode = Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    if ((((Integer) mode) & 0170000) != 0140000) {
      throw new IOException("there is a file of that name already");
    }
    try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      throw new IOException("another sentry serves it");
    } catch (SocketException e) {
      // Nobody does: it is left over from one that was killed.
    }
  }

  private static void start(Runnable runnable, String name) {
    Thread.ofPlatform().daemon().name(name).start(runnable);
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        SocketChannel connection = server.accept();
        if (free.tryAcquire()) {
          connections.add(connection);
          start(() -> serve(connection), "usermem-control-connection");
        } else {
          connection.close();
        }
      } catch (IOException e) {
        // Closed, or a connection that was gone before it was taken.
      }
    }
  }

  private void serve(SocketChannel connection) {
    try (connection) {
      DataInputStream in =
          new DataInputStream(new BufferedInputStream(Channels.newInputStream(connection)));
      DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(connection)));
      for (int kind = in.read(); kind >= 0; kind = in.read()) {
        answer(kind, Frames.readWords(in), new SocketAnswer(out));
      }
    } catch (IOException e) {
      // The other side has gone, or does not speak as it should.
    } finally {
      connections.remove(connection);
      free.release();
    }
  }

  private void answer(int kind, List<String> words, SocketAnswer answer) throws IOException {
    try {
      switch (kind) {
        case Frames.RUN -> console.run(words, answer);
        case Frames.NEXT -> console.next(words).forEach(answer::line);
        default -> throw new IOException("a request of kind " + kind);
      }
      answer.end(Frames.DONE, "");
    } catch (CommandException e) {
      answer.end(Frames.FAILED, String.valueOf(e.getMessage()));
    }
  }

  /** Writes lines until the other side has gone. */
  private static final class SocketAnswer implements Answer {

    private final DataOutputStream out;
    private boolean gone;

    SocketAnswer(DataOutputStream out) {
      this.out = out;
    }

    @Override
    public void line(String text) {
      try {
        out.writeByte(Frames.LINE);
        Frames.writeText(out, text);
      } catch (IOException e) {
        gone = true;
      }
    }

    /** Asks by writing: who has gone does not say so. */
    @Override
    public boolean isOver() {
      try {
        out.writeByte(Frames.IDLE);
        out.flush();
      } catch (IOException e) {
        gone = true;
      }
      return gone;
    }

    void end(int kind, String message) throws IOException {
      out.writeByte(kind);
      Frames.writeText(out, message);
      out.flush();
    }
  }

  /** Ends every connection and removes the socket. */
  @Override
  public void close() {
    try {
      server.close();
      for (SocketChannel connection : connections) {
        connection.close();
      }
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // There is nothing left to be done about it.
    }
  }
}
