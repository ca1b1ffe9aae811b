package org.usermem.linux.procfs;

import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.usermem.fs.event.Changes;
import org.usermem.kernel.namespace.UtsNamespace;
import org.usermem.linux.pseudo.PseudoOwner;
import org.usermem.linux.pseudo.TextFile;

/**
 * A name of the machine in /proc/sys/kernel, for whose change programs may wait; {@code
 * kernel/utsname_sysctl.c}.
 */
final class NameFile extends TextFile {
  private final Supplier<UtsNamespace> names;
  private final Function<UtsNamespace, Changes> changes;

  /**
   * Makes a file.
   *
   * @param names the names that the caller sees
   */
  NameFile(
      ProcFileSystem proc,
      Supplier<UtsNamespace> names,
      Function<UtsNamespace, String> getter,
      BiConsumer<UtsNamespace, String> setter,
      Function<UtsNamespace, Changes> changes) {
    super(
        proc,
        proc.newNumber(),
        0644,
        PseudoOwner.ROOT,
        () -> getter.apply(names.get()) + "\n",
        Settings.privileged(name -> setter.accept(names.get(), name)));
    this.names = names;
    this.changes = changes;
  }

  @Override
  protected Changes changes() {
    return changes.apply(names.get());
  }
}
