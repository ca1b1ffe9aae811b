package org.usermem.sentry.run;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileClock;
import org.usermem.fs.FileDescription;
import org.usermem.fs.FileNames;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.tmpfs.TmpfsFileSystem;
import org.usermem.fs.tmpfs.TmpfsOptions;
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
import org.usermem.sequence.Source;

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
    this.mounts =
        vfs.newNamespace(new TmpfsFileSystem(vfs.newContext(), TmpfsOptions.DEFAULT), "none", 0);
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
    FsContext fsContext = new FsContext(mounts.root(), mounts.root(), UMASK);
    FileDescriptorTable files = new FileDescriptorTable();
    ResourceLimits limits = ResourceLimits.initial(options.maximumTasks());
    streams.install(files, credentials.forFiles());
    String program = FileNames.ofUnicode(options.command().getFirst());
    copyIn(context, program);
    FileDescription executable =
        OpenForExecution.open(vfs, context, mounts.root(), program, LookupFlags.FOLLOW);
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

  /** Puts the program's file into the guest's root. */
  private void copyIn(PathContext context, String program) {
    byte[] contents;
    try {
      contents = Files.readAllBytes(Path.of(program));
    } catch (IOException e) {
      throw LinuxException.of(Errno.ENOENT);
    }
    int slash = 0;
    while ((slash = program.indexOf('/', slash + 1)) > 0) {
      vfs.makeDirectory(context, mounts.root(), program.substring(0, slash), 0755);
    }
    int flags = OpenFlags.CREATE | OpenFlags.WRITE_ONLY;
    FileDescription file = vfs.open(context, mounts.root(), program, flags, 0755, 0);
    file.write(Source.of(MemorySegment.ofArray(contents)), TransferOptions.DEFAULT);
    file.decRef();
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
