package org.usermem.sentry;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileNames;
import org.usermem.fs.FileSystem;
import org.usermem.fs.FileSystemType;
import org.usermem.fs.Location;
import org.usermem.fs.MountRequest;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.vfs.LookupFlags;
import org.usermem.fs.vfs.PathContext;
import org.usermem.kernel.ThreadGroup;
import org.usermem.platform.PlatformException;
import org.usermem.platform.PlatformKind;
import org.usermem.sentry.run.GuestAttachment;
import org.usermem.sentry.run.GuestStreams;
import org.usermem.sentry.run.HostPlatform;
import org.usermem.sentry.run.HostResources;
import org.usermem.sentry.run.MountOption;
import org.usermem.sentry.run.RunOptions;
import org.usermem.sentry.run.Sentry;
import org.usermem.sentry.run.UserOption;

/**
 * Starts programs in a sandbox: the same shape as {@link ProcessBuilder}, and what {@link #start()}
 * gives is a {@link Process}. Each program has a sentry of its own, with its own memory limit, its
 * own processes and its own files: it sees the host's files through an overlay that keeps its
 * changes in memory, and has no network.
 *
 * <pre>{@code
 * Process sort = new SentryProcessBuilder("sort", "-n").memory(64 << 20).start();
 * try (Writer out = sort.outputWriter()) {
 *   out.write("10\n9\n");
 * }
 * sort.inputReader().lines().forEach(System.out::println);
 * int code = sort.waitFor();
 * }</pre>
 *
 * <p>Native access: the JVM needs {@code --enable-native-access=org.usermem.platform}, or {@code
 * --enable-native-access=ALL-UNNAMED} where usermem is on the class path.
 *
 * <p>Not safe for use by several threads; a process is.
 */
public final class SentryProcessBuilder {

  private static final int DEFAULT_TASKS = 1024;

  private List<String> command;
  private final Map<String, String> environment = new HashMap<>(System.getenv());
  private final List<GuestAttachment> mounts = new ArrayList<>();
  private final List<MountOption> hostMounts = new ArrayList<>();
  private Path root = Path.of("/");
  private Optional<String> directory = Optional.empty();
  private UserOption user = UserOption.ROOT;
  private String hostName = "usermem";
  private Optional<PlatformKind> platform = Optional.empty();
  private long memoryBytes = HostResources.memoryBytes();
  private int maximumTasks = DEFAULT_TASKS;
  private Redirect input = Redirect.PIPE;
  private Redirect output = Redirect.PIPE;
  private Redirect errors = Redirect.PIPE;
  private boolean merged;

  /**
   * Makes a builder.
   *
   * @param command the program, as a path in the guest or a name to be found in its PATH, and its
   *     arguments
   */
  public SentryProcessBuilder(String... command) {
    this(List.of(command));
  }

  /**
   * Makes a builder.
   *
   * @param command the program and its arguments
   */
  public SentryProcessBuilder(List<String> command) {
    this.command = List.copyOf(command);
  }

  /**
   * Returns the command.
   *
   * @return the program and its arguments
   */
  public List<String> command() {
    return command;
  }

  /**
   * Sets the command.
   *
   * @param words the program and its arguments
   * @return this
   */
  public SentryProcessBuilder command(String... words) {
    command = List.of(words);
    return this;
  }

  /**
   * Returns the environment, which begins as that of this JVM.
   *
   * @return the environment, to be changed
   */
  public Map<String, String> environment() {
    return environment;
  }

  /**
   * Sets the working directory.
   *
   * @param path a path in the guest; null for that of this JVM, where the guest has it
   * @return this
   */
  public SentryProcessBuilder directory(@Nullable String path) {
    directory = Optional.ofNullable(path);
    return this;
  }

  /**
   * Sets what the guest sees as its root, through an overlay.
   *
   * @param hostDirectory a directory of the host
   * @return this
   */
  public SentryProcessBuilder root(Path hostDirectory) {
    root = hostDirectory;
    return this;
  }

  /**
   * Mounts a file system.
   *
   * @param path where: a directory in the guest
   * @param type what opens it
   * @param source what mount(2) would be given as the source
   * @param options what mount(2) would be given as options; may be empty
   * @return this
   */
  public SentryProcessBuilder mount(
      String path, FileSystemType type, String source, String options) {
    mounts.add(
        (vfs, root) -> {
          PathContext context = new PathContext(root, root, Credentials.ROOT, 0);
          String place = FileNames.ofUnicode(path);
          try {
            vfs.makeDirectory(context, root, place, 0755);
          } catch (LinuxException e) {
            if (e.errno() != Errno.EEXIST) {
              throw e;
            }
          }
          FileSystem fileSystem =
              type.open(new MountRequest(source, options, 0, Credentials.ROOT, vfs.newContext()));
          Location where = vfs.resolve(context, root, place, LookupFlags.FOLLOW);
          vfs.mount(fileSystem, source, where, 0);
          return () -> {};
        });
    return this;
  }

  /**
   * Shows the guest a directory of the host, besides its root.
   *
   * @param path where: a directory in the guest
   * @param hostDirectory the directory
   * @param writable whether the guest may change it; it changes the host then
   * @return this
   */
  public SentryProcessBuilder mount(String path, Path hostDirectory, boolean writable) {
    hostMounts.add(new MountOption("bind", hostDirectory.toString(), path, !writable));
    return this;
  }

  /**
   * Limits the memory of all processes of the sandbox.
   *
   * @param byteCount how much they may have; past it they meet ENOMEM
   * @return this
   */
  public SentryProcessBuilder memory(long byteCount) {
    if (byteCount <= 0) {
      throw new IllegalArgumentException("a memory limit of " + byteCount + " bytes is none");
    }
    memoryBytes = byteCount;
    return this;
  }

  /**
   * Limits the number of tasks of the sandbox.
   *
   * @param count how many there may be; past it they meet EAGAIN
   * @return this
   */
  public SentryProcessBuilder tasks(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("a limit of " + count + " tasks is too low");
    }
    maximumTasks = count;
    return this;
  }

  /**
   * Sets what runs the program's code; by default the fastest that works here.
   *
   * @param name {@code systrap} or {@code ptrace}
   * @return this
   */
  public SentryProcessBuilder platform(String name) {
    platform =
        Optional.of(
            PlatformKind.ofLabel(name)
                .orElseThrow(
                    () -> new IllegalArgumentException("there is no platform '" + name + "'")));
    return this;
  }

  /**
   * Sets whom the program runs as.
   *
   * @param userId the user's number
   * @param groupId the group's number
   * @return this
   */
  public SentryProcessBuilder user(int userId, int groupId) {
    user = UserOption.parse(userId + ":" + groupId);
    return this;
  }

  /**
   * Sets the name of the guest's machine.
   *
   * @param name the name
   * @return this
   */
  public SentryProcessBuilder hostName(String name) {
    hostName = name;
    return this;
  }

  /**
   * Sets where the program reads from.
   *
   * @param source a pipe to this JVM, what this JVM reads from, or a file
   * @return this
   */
  public SentryProcessBuilder redirectInput(Redirect source) {
    input = checked(source, Redirect.Type.READ);
    return this;
  }

  /**
   * Sets where the program writes to.
   *
   * @param destination a pipe to this JVM, what this JVM writes to, or a file
   * @return this
   */
  public SentryProcessBuilder redirectOutput(Redirect destination) {
    output = checked(destination, Redirect.Type.WRITE, Redirect.Type.APPEND);
    return this;
  }

  /**
   * Sets where the program writes errors to.
   *
   * @param destination a pipe to this JVM, what this JVM writes errors to, or a file
   * @return this
   */
  public SentryProcessBuilder redirectError(Redirect destination) {
    errors = checked(destination, Redirect.Type.WRITE, Redirect.Type.APPEND);
    return this;
  }

  private static Redirect checked(Redirect redirect, Redirect.Type... types) {
    boolean fits =
        redirect.type() == Redirect.Type.PIPE
            || redirect.type() == Redirect.Type.INHERIT
            || List.of(types).contains(redirect.type());
    if (!fits) {
      throw new IllegalArgumentException(redirect + " has the wrong direction");
    }
    return redirect;
  }

  /**
   * Sets whether errors go where the output goes.
   *
   * @param together true if they do
   * @return this
   */
  public SentryProcessBuilder redirectErrorStream(boolean together) {
    merged = together;
    return this;
  }

  /**
   * Lets the program have the standard streams of this JVM.
   *
   * @return this
   */
  public SentryProcessBuilder inheritIO() {
    input = Redirect.INHERIT;
    output = Redirect.INHERIT;
    errors = Redirect.INHERIT;
    return this;
  }

  /**
   * Starts the program in a new sentry.
   *
   * @return the process; its sentry ends with it
   * @throws IOException if there is no such program, it can't be executed, or guest code can't be
   *     run here
   */
  public Process start() throws IOException {
    if (command.isEmpty()) {
      throw new IndexOutOfBoundsException("the command is empty");
    }
    if (!Files.isDirectory(root)) {
      throw new IOException("the root " + root + " is no directory");
    }
    ProcessStreams streams = new ProcessStreams(input, output, errors, merged);
    try {
      Sentry sentry =
          new Sentry(
              options(),
              System.err,
              new GuestStreams(
                  streams.guestInput(), streams.guestOutput(), streams.guestErrors(), false),
              mounts,
              new HostPlatform(platform));
      try {
        ThreadGroup group = sentry.start();
        String owner = user.uid() + ":" + user.gid();
        return new SentryProcess(sentry, group, streams, command, owner);
      } catch (RuntimeException e) {
        sentry.close();
        throw e;
      }
    } catch (LinuxException e) {
      streams.closeGuestSide();
      throw new IOException(
          "cannot run '" + command.getFirst() + "' in a sentry: " + e.errno().description(), e);
    } catch (PlatformException | IllegalArgumentException e) {
      streams.closeGuestSide();
      throw new IOException(Objects.requireNonNullElse(e.getMessage(), e.toString()), e);
    }
  }

  private RunOptions options() {
    List<String> variables = new ArrayList<>();
    environment.forEach((name, value) -> variables.add(name + "=" + value));
    return new RunOptions(
        command,
        root,
        hostMounts,
        variables,
        directory,
        user,
        hostName,
        memoryBytes,
        maximumTasks,
        platform,
        false,
        false,
        false);
  }
}
