package org.usermem.sentry.run;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileClock;
import org.usermem.fs.FileDescription;
import org.usermem.fs.FileNames;
import org.usermem.fs.FileSystem;
import org.usermem.fs.FileSystemContext;
import org.usermem.fs.Location;
import org.usermem.fs.devfs.DevFileSystem;
import org.usermem.fs.hostfs.HostFileSystem;
import org.usermem.fs.hostfs.HostOptions;
import org.usermem.fs.overlay.OverlayFileSystem;
import org.usermem.fs.overlay.OverlayOptions;
import org.usermem.fs.vfs.LookupFlags;
import org.usermem.fs.vfs.MountNamespace;
import org.usermem.fs.vfs.PathContext;
import org.usermem.fs.vfs.VirtualFileSystem;
import org.usermem.kernel.ExecRequest;
import org.usermem.kernel.Kernel;
import org.usermem.kernel.KernelOptions;
import org.usermem.kernel.ProcessStart;
import org.usermem.kernel.ProgramImage;
import org.usermem.kernel.Task;
import org.usermem.kernel.WaitStatus;
import org.usermem.kernel.fd.FileDescriptorTable;
import org.usermem.kernel.fd.FsContext;
import org.usermem.kernel.identity.TaskCredentials;
import org.usermem.kernel.limits.ResourceLimits;
import org.usermem.linux.LinuxAbi;
import org.usermem.linux.exec.OpenForExecution;
import org.usermem.platform.Platform;
import org.usermem.platform.PlatformKind;
import org.usermem.platform.Platforms;
import org.usermem.platform.memory.HostMemoryFile;
import org.usermem.platform.memory.MemoryFileOptions;

/** A sentry and the one program that it was started for. Not thread-safe. */
public final class Sentry implements AutoCloseable {
  private static final int UMASK = 022;

  private final RunOptions options;
  private final HostMemoryFile memoryFile;
  private final Platform platform;
  private final VirtualFileSystem vfs;
  private final MountNamespace mounts;
  private final LinuxAbi abi;
  private final Kernel kernel;
  private final StandardStreams streams;
  private final TaskCredentials credentials;

  /** Assembles a sentry; nothing runs yet. */
  public Sentry(RunOptions options) {
    this.options = options;
    this.credentials = TaskCredentials.of(options.user().uid(), options.user().gid());
    this.memoryFile = HostMemoryFile.create(MemoryFileOptions.withLimit(options.memoryBytes()));
    this.platform = Platforms.open(options.platform().orElse(PlatformKind.PTRACE), memoryFile);
    this.vfs = new VirtualFileSystem(memoryFile, FileClock.SYSTEM);
    this.mounts = vfs.newNamespace(rootFileSystem(), "overlay", 0);
    mountOver("/dev", DevFileSystem.create(vfs.newContext()), "dev");
    this.abi = new LinuxAbi(vfs, mounts);
    this.kernel =
        new Kernel(
            new KernelOptions(
                platform,
                memoryFile,
                abi.architecture(),
                options.showsCalls() ? abi.tracedSyscalls(Sentry::showCall) : abi.syscalls(),
                options.maximumTasks(),
                Runtime.getRuntime().availableProcessors(),
                options.hostName()));
    this.streams = new StandardStreams(vfs.anonymousFiles());
  }

  private static void showCall(int tid, String line) {
    System.err.println("[" + tid + "] " + line);
  }

  /**
   * Runs the program to its end.
   *
   * @return its exit code, or 128 and the number of the signal that ended it
   * @throws LinuxException what execve(2) would have failed with
   */
  public int run() {
    Task task = start();
    return WaitStatus.shellCode(task.threadGroup().exit().join());
  }

  private Task start() {
    PathContext context =
        new PathContext(mounts.root(), mounts.root(), credentials.forFiles(), UMASK);
    Location workingDirectory = workingDirectory(context);
    FsContext fsContext = new FsContext(mounts.root(), workingDirectory, UMASK);
    FileDescriptorTable files = new FileDescriptorTable();
    ResourceLimits limits = ResourceLimits.initial(options.maximumTasks());
    streams.install(files, credentials.forFiles());
    String program = FileNames.ofUnicode(options.command().getFirst());
    FileDescription executable =
        OpenForExecution.open(vfs, context, workingDirectory, program, LookupFlags.FOLLOW);
    try {
      ExecRequest request =
          new ExecRequest(
              executable,
              program,
              bytes(options.command()),
              bytes(options.environment()),
              credentials,
              fsContext,
              limits,
              null);
      ProgramImage image = abi.architecture().load(kernel, request);
      return kernel.start(new ProcessStart(image, files, fsContext, limits));
    } finally {
      executable.decRef();
    }
  }

  /** Where the program starts: what was asked for, or the caller's place if the guest has it. */
  private Location workingDirectory(PathContext context) {
    int flags = LookupFlags.FOLLOW | LookupFlags.DIRECTORY;
    if (options.workingDirectory().isPresent()) {
      return vfs.resolve(
          context, mounts.root(), FileNames.ofUnicode(options.workingDirectory().get()), flags);
    }
    try {
      String own = FileNames.ofUnicode(Path.of("").toAbsolutePath().toString());
      return vfs.resolve(context, mounts.root(), own, flags);
    } catch (LinuxException e) {
      return mounts.root();
    }
  }

  /** The guest's root: what the host has, with changes kept in memory. */
  private FileSystem rootFileSystem() {
    FileSystemContext context = vfs.newContext();
    FileSystem lower = new HostFileSystem(context, HostOptions.lower(options.root()));
    return new OverlayFileSystem(context, List.of(lower), OverlayOptions.DEFAULT);
  }

  /** Mounts a file system on a directory of the root, if the root has it. */
  private void mountOver(String path, FileSystem fileSystem, String source) {
    PathContext context =
        new PathContext(mounts.root(), mounts.root(), credentials.forFiles(), UMASK);
    Location where = vfs.resolve(context, mounts.root(), path, LookupFlags.FOLLOW);
    vfs.mount(fileSystem, source, where, 0);
  }

  private static List<byte[]> bytes(List<String> texts) {
    return texts.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
  }

  @Override
  public void close() {
    kernel.close();
    streams.close();
    mounts.close();
    vfs.close();
    platform.close();
    memoryFile.close();
  }
}
