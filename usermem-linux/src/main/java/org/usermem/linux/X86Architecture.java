package org.usermem.linux;

import java.util.List;
import org.usermem.kernel.Architecture;
import org.usermem.kernel.CloneOptions;
import org.usermem.kernel.CoreState;
import org.usermem.kernel.ExecRequest;
import org.usermem.kernel.Kernel;
import org.usermem.kernel.ProgramImage;
import org.usermem.kernel.Task;
import org.usermem.kernel.namespace.Namespace;
import org.usermem.kernel.signal.SignalAction;
import org.usermem.kernel.signal.SignalInfo;
import org.usermem.linux.core.CoreDump;
import org.usermem.linux.exec.Hardware;
import org.usermem.linux.exec.ProgramLoader;
import org.usermem.linux.namespace.IpcNamespace;
import org.usermem.linux.signal.CriticalSection;
import org.usermem.linux.signal.SignalEntry;
import org.usermem.linux.system.LinuxSystem;
import org.usermem.platform.Registers;

/** Linux on x86-64. */
final class X86Architecture implements Architecture, LinuxSystem.Owner {
  private static final int AUDIT_ARCH_X86_64 = 0xc000003e;
  private static final int RESTART_SYSCALL = 219;

  private final LinuxSystem system;
  private final ProgramLoader loader;

  X86Architecture(LinuxSystem system) {
    this.system = system;
    this.loader = new ProgramLoader(system, Hardware.ofHost());
  }

  @Override
  public LinuxSystem system() {
    return system;
  }

  @Override
  public List<Namespace> namespaces() {
    return system.namespaces();
  }

  @Override
  public int auditNumber() {
    return AUDIT_ARCH_X86_64;
  }

  @Override
  public int restartSyscallNumber() {
    return RESTART_SYSCALL;
  }

  @Override
  public ProgramImage load(Kernel kernel, ExecRequest request) {
    return loader.load(kernel, request);
  }

  @Override
  public void enterHandler(Task task, SignalInfo info, SignalAction action) {
    CriticalSection.leave(task);
    SignalEntry.enter(task, info, action);
  }

  @Override
  public void prepareClone(Task task, CloneOptions options) {
    Registers registers = task.registers();
    registers.setRax(0);
    if (options.stackPointer() != 0) {
      registers.setRsp(options.stackPointer());
    }
    if (options.has(CloneOptions.CLONE_SETTLS)) {
      registers.setFsBase(options.threadLocalStorage());
    }
    Task parent = Task.current();
    if (parent != null && options.has(CloneOptions.CLONE_SYSVSEM)) {
      IpcNamespace.of(task).systemV(task.kernel()).semaphores().share(parent, task);
    }
  }

  @Override
  public void processEnds(Task last) {
    system.processEnds(last);
  }

  @Override
  public void endTask(Task task) {
    system.taskEnds(task);
  }

  @Override
  public boolean dumpCore(Task task, SignalInfo info, CoreState state) {
    return CoreDump.write(task, info, state);
  }
}
