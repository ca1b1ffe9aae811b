package org.usermem.benchmarks.fs;

import java.util.function.Function;
import org.usermem.benchmarks.mm.Program;
import org.usermem.fs.CoarseClock;
import org.usermem.fs.FileClock;
import org.usermem.fs.FileDescription;
import org.usermem.fs.FileSystem;
import org.usermem.fs.FileSystemContext;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.vfs.MountNamespace;
import org.usermem.fs.vfs.PathContext;
import org.usermem.fs.vfs.VirtualFileSystem;

/** A program, and a file system at its root. */
final class Mounted implements AutoCloseable {

  final Program program = new Program();
  final CoarseClock clock = new CoarseClock(FileClock.SYSTEM);
  final VirtualFileSystem vfs = new VirtualFileSystem(program.file, clock);
  final MountNamespace namespace;
  final PathContext paths;

  Mounted(Function<FileSystemContext, FileSystem> maker) {
    namespace = vfs.newNamespace(maker.apply(vfs.newContext()), "root", 0);
    paths = new PathContext(namespace.root(), namespace.root(), Credentials.ROOT, 022);
  }

  FileDescription open(String path, int flags) {
    return vfs.open(paths, paths.workingDirectory(), path, flags, 0666, 0);
  }

  @Override
  public void close() {
    namespace.close();
    vfs.close();
    clock.close();
    program.close();
  }
}
