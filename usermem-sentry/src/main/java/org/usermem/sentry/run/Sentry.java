package org.usermem.sentry.run;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.FileNames;
import org.usermem.fs.Location;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.vfs.LookupFlags;
import org.usermem.fs.vfs.PathContext;
import org.usermem.kernel.ExecRequest;
import org.usermem.kernel.Kernel;
import org.usermem.kernel.KernelOptions;
import org.usermem.kernel.ProcessStart;
import org.usermem.kernel.ProgramImage;
import org.usermem.kernel.Task;
import org.usermem.kernel.ThreadGroup;
import org.usermem.kernel.WaitStatus;
import org.usermem.kernel.fd.FileDescriptorTable;
import org.usermem.kernel.fd.FsContext;
import org.usermem.kernel.identity.TaskCredentials;
import org.usermem.kernel.limits.ResourceLimits;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.kernel.signal.Signals;
import org.usermem.linux.LinuxAbi;
import org.usermem.linux.exec.OpenForExecution;
import org.usermem.linux.strace.CallTable;
import org.usermem.linux.tty.Terminal;
import org.usermem.mm.view.ProcText;
import org.usermem.platform.Platform;
import org.usermem.platform.PlatformException;
import org.usermem.platform.PlatformProvider;
import org.usermem.platform.memory.HostMemoryFile;
import org.usermem.platform.memory.MemoryFileOptions;
import org.usermem.platform.terminal.HostSignals;
import org.usermem.platform.terminal.HostTerminal;
import org.usermem.sentry.inspect.CallWatch;
import org.usermem.sentry.inspect.Inspection;

/** A sentry and the one program that it was started for. Not thread-safe. */
public final class Sentry implements AutoCloseable {
  private static final int UMASK = 022;
  private static final Set<Integer> FORWARDED =
      Set.of(Signals.SIGHUP, Signals.SIGINT, Signals.SIGTERM);
  private static final String DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";

  private final RunOptions options;
  private final PrintStream messages;
  private final HostMemoryFile memoryFile;
  private final Platform platform;
  private final GuestFiles guestFiles;
  private final LinuxAbi abi;
  private final CallWatch calls;
  private final Kernel kernel;
  private final StandardStreams streams;
  private final List<GuestAttachment.Attached> attached = new ArrayList<>();
  private final TaskCredentials credentials;
  private final @Nullable Terminal terminal;
  private final @Nullable CallerTerminal callerTerminal;
  private final Object ending = new Object();
  private volatile boolean ended; // written under ending

  /**
   * Assembles a sentry; nothing runs yet.
   *
   * @param messages where the sentry's own messages go
   * @throws PlatformException if guest code can't be run here
   * @throws IllegalArgumentException if what is to be mounted can't be
   */
  public Sentry(RunOptions options, PrintStream messages) {
    this(options, messages, GuestStreams.ofHost(), List.of(), new HostPlatform(options.platform()));
  }

  /**
   * Assembles a sentry; nothing runs yet.
   *
   * @param messages where the sentry's own messages go
   * @param guestStreams the program's standard streams
   * @param attachments what is attached to the guest's files, in order
   * @param platforms makes the platform
   * @throws PlatformException if guest code can't be run here
   * @throws IllegalArgumentException if what is to be mounted can't be
   */
  public Sentry(
      RunOptions options,
      PrintStream messages,
      GuestStreams guestStreams,
      List<GuestAttachment> attachments,
      PlatformProvider platforms) {
    this.options = options;
    this.messages = messages;
    this.credentials = TaskCredentials.of(options.user().uid(), options.user().gid());
    this.memoryFile = HostMemoryFile.create(MemoryFileOptions.withLimit(options.memoryBytes()));
    CompletableFuture<Platform> opening = open(platforms, memoryFile);
    this.guestFiles = new GuestFiles(memoryFile, options.root());
    this.abi = new LinuxAbi(guestFiles.vfs(), guestFiles.mounts(), guestFiles.sharedMemory());
    this.calls = new CallWatch(abi.syscalls());
    if (options.showsCalls()) {
      calls.add(this::showCall);
    }
    // The first logger takes a while, which is there while the platform is opened.
    var _ = System.getLogger(Kernel.class.getName());
    this.platform = opened(opening);
    this.kernel =
        new Kernel(
            new KernelOptions(
                platform,
                memoryFile,
                abi.architecture(),
                calls,
                options.maximumTasks(),
                Runtime.getRuntime().availableProcessors(),
                options.hostName()));
    if (options.showsMaps()) {
      abi.system().onProcessEnd(this::showMaps);
    }
    guestFiles.mountKernelFiles(kernel);
    for (GuestAttachment attachment : attachments) {
      attached.add(attachment.attach(guestFiles.vfs(), guestFiles.mounts().root()));
    }
    options.mounts().forEach(guestFiles::mount);
    this.streams = new StandardStreams(guestFiles.vfs().anonymousFiles(), guestStreams);
    HostTerminal host = guestStreams.fromHost() ? HostTerminal.of(0).orElse(null) : null;
    this.terminal =
        host == null
            ? null
            : guestFiles.terminals().create(options.user().uid(), options.user().gid(), false);
    if (terminal != null) {
      guestFiles.terminals().setConsole(terminal);
    }
    this.callerTerminal =
        host == null || terminal == null ? null : new CallerTerminal(host, terminal);
  }

  /** Opens a platform, which takes a while for the host, on a thread of its own. */
  private static CompletableFuture<Platform> open(
      PlatformProvider platforms, HostMemoryFile memoryFile) {
    return CompletableFuture.supplyAsync(
        () -> platforms.open(memoryFile),
        task -> Thread.ofPlatform().daemon().name("usermem-platform").start(task));
  }

  private static Platform opened(CompletableFuture<Platform> opening) {
    try {
      return opening.join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw failed;
    }
  }

  private FileDescription openTerminal(Terminal guest) {
    Location root = guestFiles.mounts().root();
    PathContext context = new PathContext(root, root, Credentials.ROOT, UMASK);
    return guestFiles
        .vfs()
        .open(context, root, "/dev/pts/" + guest.number(), OpenFlags.READ_WRITE, 0, 0);
  }

  private synchronized void showCall(int tid, String line) {
    messages.println("[" + tid + "] " + line);
  }

  /** Returns a look at this sentry, for as long as it is not closed. */
  public Inspection inspection() {
    return new Inspection(kernel, guestFiles.mounts(), calls);
  }

  /**
   * Runs the program to its end.
   *
   * @return its exit code, or 128 and the number of the signal that ended it
   * @throws LinuxException what execve(2) would have failed with
   */
  public int run() {
    ThreadGroup process = start();
    int status;
    HostSignals signals =
        HostSignals.listen(
            FORWARDED, signo -> process.processGroup().send(SignalInfo.kernel(signo)));
    try {
      status = process.exit().join();
    } finally {
      signals.close();
    }
    if (options.showsSummary()) {
      showSummary();
    }
    return WaitStatus.shellCode(status);
  }

  /**
   * Starts the program.
   *
   * @return its process
   * @throws LinuxException what execve(2) would have failed with
   */
  public ThreadGroup start() {
    return start(options.command());
  }

  /**
   * Starts a program, beside those that run.
   *
   * @param command the program and its arguments
   * @return its process
   * @throws LinuxException what execve(2) would have failed with
   */
  public ThreadGroup start(List<String> command) {
    if (ended) {
      throw LinuxException.of(Errno.ENODEV);
    }
    FsContext fsContext = fsContext();
    FileDescriptorTable files = new FileDescriptorTable();
    ResourceLimits limits = ResourceLimits.initial(options.maximumTasks());
    Terminal guest = terminal;
    streams.install(
        files, credentials.forFiles(), guest == null ? null : () -> openTerminal(guest));
    PathContext context = fsContext.context(credentials.forFiles());
    String program = FileNames.ofUnicode(command.getFirst());
    String path = program.contains("/") ? program : search(context, program);
    FileDescription executable =
        OpenForExecution.open(
            guestFiles.vfs(), context, context.workingDirectory(), path, LookupFlags.FOLLOW);
    try {
      ExecRequest request =
          new ExecRequest(
              executable,
              path,
              bytes(command),
              bytes(options.environment()),
              credentials,
              fsContext,
              limits,
              null);
      ProgramImage image = abi.architecture().load(kernel, request);
      return kernel
          .start(
              new ProcessStart(image, files, fsContext, limits),
              task -> {
                if (guest != null) {
                  guest.becomeControlling(task.threadGroup().session());
                }
                if (callerTerminal != null) {
                  callerTerminal.begin();
                }
              })
          .threadGroup();
    } finally {
      executable.decRef();
    }
  }

  /** Kills every process of the guest; {@link #run} returns then. */
  public void kill() {
    kernel.killAll();
  }

  private FsContext fsContext() {
    Location root = guestFiles.mounts().root();
    String directory =
        options.workingDirectory().orElseGet(() -> Path.of("").toAbsolutePath().toString());
    PathContext context = new PathContext(root, root, credentials.forFiles(), UMASK);
    Location start = root;
    try {
      start =
          guestFiles
              .vfs()
              .resolve(
                  context,
                  root,
                  FileNames.ofUnicode(directory),
                  LookupFlags.FOLLOW | LookupFlags.DIRECTORY);
    } catch (LinuxException e) {
      if (options.workingDirectory().isPresent()) {
        throw new IllegalArgumentException(
            "--workdir " + directory + ": " + e.errno().description(), e);
      }
    }
    return new FsContext(root, start, UMASK);
  }

  /** Looks a program up in the PATH that it gets, as execvp(3). */
  private String search(PathContext context, String program) {
    String path =
        options.environment().stream()
            .filter(each -> each.startsWith("PATH="))
            .findFirst()
            .map(each -> each.substring(5))
            .orElse(DEFAULT_PATH);
    for (String directory : path.split(":", -1)) {
      String candidate = FileNames.ofUnicode(directory.isEmpty() ? "." : directory) + "/" + program;
      if (isExecutable(context, candidate)) {
        return candidate;
      }
    }
    return program;
  }

  private boolean isExecutable(PathContext context, String path) {
    try {
      OpenForExecution.open(
              guestFiles.vfs(), context, context.workingDirectory(), path, LookupFlags.FOLLOW)
          .decRef();
      return true;
    } catch (LinuxException e) {
      return false;
    }
  }

  /** Shows /proc/PID/maps of the program that the sentry was started for. */
  private void showMaps(Task last) {
    if (last.threadGroup().equals(kernel.init())) {
      messages.print(ProcText.maps(last.memoryManager().areas(false)));
    }
  }

  private void showSummary() {
    CallTable table = new CallTable();
    for (Map.Entry<Integer, Long> each : abi.system().unimplementedCalls().counts().entrySet()) {
      messages.println(
          "usermem: not implemented: "
              + table.name(each.getKey())
              + ", "
              + each.getValue()
              + " times");
    }
  }

  private static List<byte[]> bytes(List<String> texts) {
    return texts.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
  }

  /**
   * Ends the guest and gives its platform back. No guest code runs afterwards, and none can be
   * started; what has happened can still be looked at. Waits until the tasks have gone, so it is
   * not for a task's own thread.
   */
  public void end() {
    synchronized (ending) {
      if (!ended) {
        ended = true;
        kernel.close();
        platform.close();
      }
    }
  }

  @Override
  public void close() {
    end();
    abi.close();
    if (callerTerminal != null) {
      callerTerminal.close();
    }
    streams.close();
    attached.reversed().forEach(GuestAttachment.Attached::close);
    guestFiles.close();
    memoryFile.close();
  }
}
