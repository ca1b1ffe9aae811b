package org.usermem.sentry;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The handle of a sandboxed program: its identity is that of the process in its sentry. */
final class SentryProcessHandle implements ProcessHandle {

  private final SentryProcess process;
  private final ProcessHandle.Info info;

  SentryProcessHandle(SentryProcess process, ProcessHandle.Info info) {
    this.process = process;
    this.info = info;
  }

  @Override
  public long pid() {
    return process.pid();
  }

  /** None: the sentry's own process is no parent in the guest's terms. */
  @Override
  public Optional<ProcessHandle> parent() {
    return Optional.empty();
  }

  /** None: processes of the guest are not seen from outside. */
  @Override
  public Stream<ProcessHandle> children() {
    return Stream.empty();
  }

  @Override
  public Stream<ProcessHandle> descendants() {
    return Stream.empty();
  }

  @Override
  public ProcessHandle.Info info() {
    return info;
  }

  @Override
  public CompletableFuture<ProcessHandle> onExit() {
    return process.onExit().thenApply(p -> this);
  }

  @Override
  public boolean supportsNormalTermination() {
    return true;
  }

  @Override
  public boolean destroy() {
    process.destroy();
    return true;
  }

  @Override
  public boolean destroyForcibly() {
    process.destroyForcibly();
    return true;
  }

  @Override
  public boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public int compareTo(ProcessHandle other) {
    return Long.compare(pid(), other.pid());
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // Two sentries have processes of the same number.
  public boolean equals(@Nullable Object other) {
    return other instanceof SentryProcessHandle handle && handle.process == process;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(process);
  }

  /**
   * What is known of a sandboxed program.
   *
   * @param words the command and its arguments
   * @param started when it was started
   * @param owner whom it runs as
   * @param processor the processor time that it has used, asked for anew each time
   */
  record Facts(List<String> words, Instant started, String owner, Supplier<Duration> processor)
      implements ProcessHandle.Info {

    Facts {
      words = List.copyOf(words);
    }

    @Override
    public Optional<String> command() {
      return Optional.of(words.getFirst());
    }

    @Override
    public Optional<String> commandLine() {
      return Optional.of(String.join(" ", words));
    }

    @Override
    public Optional<String[]> arguments() {
      return Optional.of(words.subList(1, words.size()).toArray(String[]::new));
    }

    @Override
    public Optional<Instant> startInstant() {
      return Optional.of(started);
    }

    @Override
    public Optional<Duration> totalCpuDuration() {
      return Optional.of(processor.get());
    }

    @Override
    public Optional<String> user() {
      return Optional.of(owner);
    }
  }
}
