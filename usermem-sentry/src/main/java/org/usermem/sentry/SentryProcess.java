package org.usermem.sentry;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.usermem.kernel.ThreadGroup;
import org.usermem.kernel.WaitStatus;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.signal.Signals;
import org.usermem.sentry.run.Sentry;

/** A program in a sentry of its own. The sentry ends when the program does. */
final class SentryProcess extends Process {

  private final ThreadGroup group;
  private final ProcessStreams streams;
  private final SentryProcessHandle handle;
  private final CompletableFuture<Integer> ended = new CompletableFuture<>();

  /**
   * Makes the process of a program that was started.
   *
   * @param sentry its sentry, which is closed when the program has ended
   * @param group the program
   * @param streams its standard streams
   * @param command the command and its arguments
   * @param user whom it runs as
   */
  SentryProcess(
      Sentry sentry, ThreadGroup group, ProcessStreams streams, List<String> command, String user) {
    this.group = group;
    this.streams = streams;
    this.handle =
        new SentryProcessHandle(
            this,
            new SentryProcessHandle.Facts(
                command,
                Instant.now(),
                user,
                () -> Duration.ofNanos(group.userNanos() + group.systemNanos())));
    Thread.ofPlatform().daemon().name("usermem-reaper-" + group.id()).start(() -> reap(sentry));
  }

  /** The program's own threads can't close the sentry that they run in: this thread does. */
  private void reap(Sentry sentry) {
    int status = group.exit().join();
    try {
      streams.closeGuestSide();
      sentry.close();
    } finally {
      ended.complete(WaitStatus.shellCode(status));
    }
  }

  @Override
  public OutputStream getOutputStream() {
    return streams.toGuest();
  }

  @Override
  public InputStream getInputStream() {
    return streams.fromGuest();
  }

  @Override
  public InputStream getErrorStream() {
    return streams.errorsFromGuest();
  }

  @Override
  public int waitFor() throws InterruptedException {
    try {
      return ended.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException {
    try {
      ended.get(timeout, unit);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public int exitValue() {
    if (!ended.isDone()) {
      throw new IllegalThreadStateException("process has not exited");
    }
    return ended.join();
  }

  @Override
  public void destroy() {
    send(Signals.SIGTERM);
  }

  @Override
  public Process destroyForcibly() {
    send(Signals.SIGKILL);
    return this;
  }

  private void send(int signo) {
    if (!group.hasEnded()) {
      group.send(SignalInfo.kernel(signo));
    }
  }

  @Override
  public boolean supportsNormalTermination() {
    return true;
  }

  @Override
  public boolean isAlive() {
    return !ended.isDone();
  }

  /**
   * Returns the program's number in its sentry, where numbers begin anew.
   *
   * @return a positive number
   */
  @Override
  public long pid() {
    return group.id();
  }

  @Override
  public CompletableFuture<Process> onExit() {
    return ended.thenApply(code -> this);
  }

  @Override
  public ProcessHandle toHandle() {
    return handle;
  }

  @Override
  public ProcessHandle.Info info() {
    return handle.info();
  }

  @Override
  public Stream<ProcessHandle> children() {
    return handle.children();
  }

  @Override
  public Stream<ProcessHandle> descendants() {
    return handle.descendants();
  }

  @Override
  public String toString() {
    return "SentryProcess[pid="
        + pid()
        + ", command="
        + handle.info().commandLine().orElse("")
        + "]";
  }
}
