package org.usermem.sentry.guard;

import org.jspecify.annotations.Nullable;
import org.usermem.fs.AllocateMode;
import org.usermem.fs.ExtendedAttributes;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.RegularFile;
import org.usermem.fs.RegularFileDescription;
import org.usermem.fs.access.Credentials;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.attribute.BasicAttributes;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.memmap.Mappable;
import org.usermem.memmap.MappableRange;
import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/** A regular file of a plug-in. */
final class GuardedRegularFile extends RegularFile {

  private final GuardedFileSystem fileSystem;
  private final InodeCalls<RegularFile> calls;

  GuardedRegularFile(GuardedFileSystem fileSystem, InodeCalls<RegularFile> calls) {
    super(fileSystem, calls.number());
    this.fileSystem = fileSystem;
    this.calls = calls;
  }

  private @Nullable GuardedMappable mappable; // guarded by this

  @Override
  public long byteSize() {
    return calls.target().call(RegularFile::byteSize);
  }

  @Override
  public long readAt(Sink dst, long offset) {
    return calls.target().call(f -> f.readAt(dst, offset));
  }

  @Override
  public long writeAt(Source src, long offset) {
    return calls.target().call(f -> f.writeAt(src, offset));
  }

  @Override
  public void allocate(AllocateMode mode, long offset, long byteCount) {
    calls.target().run(f -> f.allocate(mode, offset, byteCount));
  }

  @Override
  public long nextData(long offset) {
    return calls.target().call(f -> f.nextData(offset));
  }

  @Override
  public long nextHole(long offset) {
    return calls.target().call(f -> f.nextHole(offset));
  }

  /** Always the same: an address space compares the mappables of its mappings. */
  @Override
  public synchronized Mappable mappable() {
    if (mappable == null) {
      mappable = fileSystem.guard(calls.target().call(RegularFile::mappable));
    }
    return mappable;
  }

  @Override
  public void syncMapped(MappableRange range) {
    calls.target().run(f -> f.syncMapped(range));
  }

  @Override
  public void sync(boolean dataOnly) {
    calls.target().run(f -> f.sync(dataOnly));
  }

  @Override
  public void accessed() {
    calls.target().run(RegularFile::accessed);
  }

  @Override
  public FileDescription open(OpenRequest request) {
    FileDescription inner = calls.target().call(f -> f.open(request));
    return inner.getClass().equals(RegularFileDescription.class)
        ? new GuardedRegularDescription(this, request, fileSystem.target(inner))
        : new GuardedDescription(request, fileSystem.target(inner), fileSystem.guard());
  }

  InodeCalls<RegularFile> calls() {
    return calls;
  }

  @Override
  public BasicAttributes basicAttributes() {
    return calls;
  }

  @Override
  public FileAttributes attributes() {
    return calls.attributes();
  }

  @Override
  public void setAttributes(AttributeChange change) {
    calls.setAttributes(change);
  }

  @Override
  public void checkAccess(Credentials credentials, int wanted) {
    calls.checkAccess(credentials, wanted);
  }

  @Override
  public ExtendedAttributes extendedAttributes() {
    return calls.extendedAttributes();
  }

  @Override
  protected void idle() {
    calls.idle();
  }

  @Override
  protected void dispose() {
    calls.dispose();
  }
}
