package org.usermem.linux.account;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.kernel.Task;
import org.usermem.sequence.Source;

/**
 * The file to which a record of each process that ends is appended, if there is one; kernel/acct.c.
 * That space runs out is noticed by the writes that fail, and by nothing before. Thread-safe.
 */
public final class ProcessAccounting implements AutoCloseable {

  private final AtomicReference<@Nullable FileDescription> file = new AtomicReference<>();

  /** Creates accounting that is off. */
  public ProcessAccounting() {}

  /**
   * Goes on in another file.
   *
   * @param newFile open for appending, its reference given to this; null to stop
   */
  public void setFile(@Nullable FileDescription newFile) {
    FileDescription old = file.getAndSet(newFile);
    if (old != null) {
      old.decRef();
    }
  }

  /**
   * Appends the record of a process.
   *
   * @param last the last task of the process, on its own thread, before its memory goes
   */
  public void processEnds(Task last) {
    FileDescription present = file.get();
    if (present == null || !present.tryIncRef()) {
      return;
    }
    try {
      present.write(Source.of(AccountingRecord.of(last)));
    } catch (LinuxException e) {
      // Without a record: nobody is there who could be told.
      return;
    } finally {
      present.decRef();
    }
  }

  /** Stops. */
  @Override
  public void close() {
    setFile(null);
  }
}
