package org.usermem.sentry.control;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.usermem.sentry.console.Answer;
import org.usermem.sentry.console.CommandException;

/** A way to the console of a sentry in another JVM. Requests of several threads wait in line. */
public final class SocketConnection implements Connection {

  private final Path path;
  private SocketChannel channel;
  private DataInputStream in;
  private DataOutputStream out;

  /**
   * Connects.
   *
   * @param path the socket
   * @throws IllegalArgumentException if no sentry serves it, or it is somebody else's
   */
  public SocketConnection(Path path) {
    this.path = path;
    try {
      this.channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
    } catch (IOException e) {
      throw new IllegalArgumentException("no sentry answers at " + path + ": " + e.getMessage(), e);
    }
    this.in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel)));
    this.out = new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel)));
  }

  @Override
  public void run(List<String> words, Answer answer) {
    request(Frames.RUN, words, answer);
  }

  @Override
  public List<String> next(List<String> before) {
    List<String> words = new ArrayList<>();
    request(
        Frames.NEXT,
        before,
        new Answer() {
          @Override
          public void line(String text) {
            words.add(text);
          }

          @Override
          public boolean isOver() {
            return false;
          }
        });
    return words;
  }

  private synchronized void request(int kind, List<String> words, Answer answer) {
    try {
      out.writeByte(kind);
      Frames.writeWords(out, words);
      out.flush();
      read(answer);
    } catch (IOException e) {
      throw new UncheckedIOException("the sentry at " + path + " has gone", e);
    }
  }

  private void read(Answer answer) throws IOException {
    while (true) {
      switch (in.readByte()) {
        case Frames.LINE -> answer.line(Frames.readText(in));
        case Frames.IDLE -> {
          if (answer.isOver()) {
            reconnect();
            return;
          }
        }
        case Frames.DONE -> {
          Frames.readText(in);
          return;
        }
        case Frames.FAILED -> throw new CommandException(Frames.readText(in));
        default -> throw new EOFException("an answer that is none");
      }
    }
  }

  /** The way to end a command that goes on: the sentry notices that nobody listens. */
  private void reconnect() throws IOException {
    channel.close();
    channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
    in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel)));
    out = new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel)));
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
