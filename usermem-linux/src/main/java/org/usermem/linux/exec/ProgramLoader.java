package org.usermem.linux.exec;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.usermem.addr.AccessType;
import org.usermem.addr.Addr;
import org.usermem.addr.AddrRange;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.Mount;
import org.usermem.fs.attribute.FileMode;
import org.usermem.fs.vfs.LookupFlags;
import org.usermem.fs.vfs.PathContext;
import org.usermem.io.IOOpts;
import org.usermem.kernel.ExecRequest;
import org.usermem.kernel.Kernel;
import org.usermem.kernel.ProgramImage;
import org.usermem.kernel.Task;
import org.usermem.kernel.identity.TaskCredentials;
import org.usermem.kernel.limits.Resource;
import org.usermem.linux.elf.ElfFile;
import org.usermem.linux.elf.ElfHeader;
import org.usermem.linux.elf.ProgramHeader;
import org.usermem.linux.elf.Script;
import org.usermem.linux.system.Entropy;
import org.usermem.linux.system.LinuxSystem;
import org.usermem.linux.vdso.Vdso;
import org.usermem.memmap.MapOptions;
import org.usermem.memmap.Placement;
import org.usermem.mm.AddressSpaceLayout;
import org.usermem.mm.MemoryManager;
import org.usermem.platform.Registers;

/**
 * Loads programs into new address spaces: {@code bprm_execve} and {@code load_elf_binary}.
 * Thread-safe.
 */
public final class ProgramLoader {
  private static final int MAXIMUM_SCRIPTS = 5;
  private static final int STACK_EXPANSION = 128 << 10;
  private static final int CLOCK_TICKS = 100;

  private static final long MMAP_RANDOM_PAGES = (1L << 28) - 1;
  private static final long STACK_RANDOM_PAGES = (1L << 22) - 1;
  private static final long BRK_RANDOM_PAGES = (32L << 20 >> Addr.PAGE_SHIFT) - 1;
  private static final int GAP_RANDOM = 0x1fff;

  private static final long ADDR_NO_RANDOMIZE = 0x0040000;

  private final LinuxSystem system;
  private final Hardware hardware;
  private volatile @Nullable Vdso vdso;

  /** Makes a loader of a system. */
  public ProgramLoader(LinuxSystem system, Hardware hardware) {
    this.system = system;
    this.hardware = hardware;
  }

  /** Loads a program; see {@link org.usermem.kernel.Architecture#load}. */
  public ProgramImage load(Kernel kernel, ExecRequest request) {
    List<byte[]> arguments = request.arguments();
    FileDescription file = request.executable();
    file.incRef();
    try {
      if (arguments.isEmpty()) {
        // A program without even its own name has surprised too many programs (Linux 5.18).
        arguments = List.of(new byte[0]);
      }
      String path = request.path();
      for (int scripts = 0; ; scripts++) {
        Executable executable = new Executable(file);
        byte[] head = executable.head();
        if (!Script.hasMagic(head)) {
          Program program = new Program(request.path(), arguments, request.environment());
          return loadElf(kernel, request, executable, program);
        }
        if (scripts == MAXIMUM_SCRIPTS) {
          throw LinuxException.of(Errno.ELOOP);
        }
        Script script = Script.parse(head);
        arguments = scriptArguments(script, path, arguments);
        path = script.interpreter();
        FileDescription interpreter = open(request, path);
        file.decRef();
        file = interpreter;
      }
    } catch (RuntimeException e) {
      file.decRef();
      throw e;
    }
  }

  private static List<byte[]> scriptArguments(Script script, String path, List<byte[]> old) {
    List<byte[]> arguments = new ArrayList<>(old.size() + 2);
    arguments.add(bytes(script.interpreter()));
    String argument = script.argument();
    if (argument != null) {
      arguments.add(bytes(argument));
    }
    arguments.add(bytes(path));
    arguments.addAll(old.subList(1, old.size()));
    return arguments;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private FileDescription open(ExecRequest request, String path) {
    PathContext context = request.fsContext().context(request.credentials().forFiles());
    return OpenForExecution.open(
        system.vfs(), context, context.workingDirectory(), path, LookupFlags.FOLLOW);
  }

  private ProgramImage loadElf(
      Kernel kernel, ExecRequest request, Executable executable, Program program) {
    ElfFile elf = executable.parse();
    String interpreterPath = elf.interpreter();
    if (interpreterPath == null) {
      return loadElf(kernel, request, executable, program, elf, null);
    }
    FileDescription interpreter = open(request, interpreterPath);
    try {
      return loadElf(kernel, request, executable, program, elf, new Executable(interpreter));
    } finally {
      // As on Linux, only the program itself can't be written to while it runs.
      interpreter.permitWriting();
      interpreter.decRef();
    }
  }

  private ProgramImage loadElf(
      Kernel kernel,
      ExecRequest request,
      Executable executable,
      Program program,
      ElfFile elf,
      @Nullable Executable interpreter) {
    long stackLimit = request.limits().current(Resource.STACK);
    Randomness random = randomness(request);
    AddressSpaceLayout layout =
        AddressSpaceLayout.of(
            Math.max(kernel.platform().minAddress(), AddressSpaceLayout.DEFAULT_MIN_ADDRESS),
            kernel.platform().maxAddress(),
            stackLimit,
            random.mmap());
    MemoryManager memory = MemoryManager.create(kernel.memoryFile(), kernel.platform(), layout);
    try {
      ElfMapper.Mapped mapped =
          new ElfMapper(memory, executable)
              .map(elf, interpreter == null ? 0 : base(layout, random));
      long entry = mapped.entry();
      long interpreterBase = 0;
      if (interpreter != null) {
        ElfMapper.Mapped loaded =
            new ElfMapper(memory, interpreter).map(parseInterpreter(interpreter), 0);
        entry = loaded.entry();
        interpreterBase = loaded.bias();
      }
      memory.setBrkStart(brkStart(layout, mapped, interpreter == null, random));
      TaskCredentials credentials = credentials(request, executable.file());
      boolean secure = isSecure(request.credentials(), credentials);
      AuxiliaryVector auxiliary =
          auxiliary(mapped, interpreterBase, credentials, secure)
              .add(AuxiliaryVector.SYSINFO_EHDR, vdso(kernel).map(memory));
      InitialStack stack =
          InitialStack.build(
              layout.maxAddress() - random.stack(),
              program,
              auxiliary,
              system.entropy().bytes(16),
              random.gap(),
              InitialStack.limit(stackLimit));
      mapStack(memory, stack, elf.executableStack());
      memory.setImage(
          new org.usermem.mm.ProgramImage(
              mapped.code(),
              mapped.data(),
              stack.stackPointer(),
              new AddrRange(stack.argumentStart(), stack.argumentEnd()),
              new AddrRange(stack.argumentEnd(), stack.environmentEnd())));
      Registers registers = new Registers();
      registers.setRip(entry);
      registers.setRsp(stack.stackPointer());
      return new ProgramImage(
          memory,
          registers,
          name(program.path()),
          executable.file(),
          credentials,
          secure,
          new AddrRange(stack.argumentStart(), stack.argumentEnd()),
          new AddrRange(stack.argumentEnd(), stack.environmentEnd()),
          stack.stackPointer(),
          stack.auxiliaryVector());
    } catch (RuntimeException e) {
      memory.decUsers();
      throw e;
    }
  }

  /** Made at the first use, as the kernel's platform does not change; twice does no harm. */
  private Vdso vdso(Kernel kernel) {
    Vdso made = vdso;
    if (made == null) {
      made = Vdso.of(kernel.platform().clockFunction());
      vdso = made;
    }
    return made;
  }

  private static ElfFile parseInterpreter(Executable interpreter) {
    try {
      return interpreter.parse();
    } catch (LinuxException e) {
      throw e.errno() == Errno.ENOEXEC ? LinuxException.of(Errno.ELIBBAD) : e;
    }
  }

  /**
   * By how much places differ from run to run.
   *
   * @param mmap of mappings, in bytes
   * @param program of a position-independent program
   * @param stack of the stack
   * @param brk of the heap
   * @param gap between the strings and the tables of the stack
   */
  private record Randomness(long mmap, long program, long stack, long brk, int gap) {
    static final Randomness NONE = new Randomness(0, 0, 0, 0, 0);
  }

  private Randomness randomness(ExecRequest request) {
    if (request.task() != null && (request.task().parts().personality() & ADDR_NO_RANDOMIZE) != 0) {
      return Randomness.NONE;
    }
    Entropy entropy = system.entropy();
    return new Randomness(
        (entropy.nextLong() & MMAP_RANDOM_PAGES) << Addr.PAGE_SHIFT,
        (entropy.nextLong() & MMAP_RANDOM_PAGES) << Addr.PAGE_SHIFT,
        (entropy.nextLong() & STACK_RANDOM_PAGES) << Addr.PAGE_SHIFT,
        (entropy.nextLong() & BRK_RANDOM_PAGES) << Addr.PAGE_SHIFT,
        (int) entropy.nextLong() & GAP_RANDOM);
  }

  /** Where position-independent programs go: two thirds up (ELF_ET_DYN_BASE). */
  private static long base(AddressSpaceLayout layout, Randomness random) {
    return Addr.pageRoundDown(layout.maxAddress() / 3 * 2) + random.program();
  }

  /**
   * The heap follows the program, unless that lies among the mappings, as a loader run by itself
   * does.
   */
  private static long brkStart(
      AddressSpaceLayout layout, ElfMapper.Mapped mapped, boolean isAlone, Randomness random) {
    boolean movesAway = isAlone && mapped.elf().header().type() == ElfHeader.SHARED;
    long start = movesAway ? base(layout, Randomness.NONE) : Addr.pageRoundUp(mapped.end());
    return start + random.brk();
  }

  private static TaskCredentials credentials(ExecRequest request, FileDescription file) {
    int mode = file.inode().mode();
    Task task = request.task();
    boolean mayGain =
        task == null || !(task.parts().hasNoNewPrivileges() || task.isTracedByUnprivileged());
    boolean heeded = mayGain && !file.location().mount().has(Mount.NO_SET_ID);
    int user = TaskCredentials.UNCHANGED;
    int group = TaskCredentials.UNCHANGED;
    if (heeded && (mode & FileMode.SET_USER_ID) != 0) {
      user = file.inode().userId();
    }
    int groupBits = FileMode.SET_GROUP_ID | FileMode.GROUP_EXECUTE;
    if (heeded && (mode & groupBits) == groupBits) {
      group = file.inode().groupId();
    }
    return request.credentials().afterExec(user, group);
  }

  private static boolean isSecure(TaskCredentials before, TaskCredentials after) {
    return before.users().effective() != after.users().effective()
        || before.groups().effective() != after.groups().effective()
        || after.users().real() != after.users().effective()
        || after.groups().real() != after.groups().effective();
  }

  private AuxiliaryVector auxiliary(
      ElfMapper.Mapped mapped, long interpreterBase, TaskCredentials credentials, boolean secure) {
    return new AuxiliaryVector()
        .add(AuxiliaryVector.MINSIGSTKSZ, hardware.signalFrameByteCount())
        .add(AuxiliaryVector.HWCAP, hardware.capabilities())
        .add(AuxiliaryVector.PAGESZ, Addr.PAGE_SIZE)
        .add(AuxiliaryVector.CLKTCK, CLOCK_TICKS)
        .add(AuxiliaryVector.PHDR, mapped.programHeaders())
        .add(AuxiliaryVector.PHENT, ProgramHeader.BYTE_COUNT)
        .add(AuxiliaryVector.PHNUM, mapped.elf().header().programHeaderCount())
        .add(AuxiliaryVector.BASE, interpreterBase)
        .add(AuxiliaryVector.FLAGS, 0)
        .add(AuxiliaryVector.ENTRY, mapped.entry())
        .add(AuxiliaryVector.UID, Integer.toUnsignedLong(credentials.users().real()))
        .add(AuxiliaryVector.EUID, Integer.toUnsignedLong(credentials.users().effective()))
        .add(AuxiliaryVector.GID, Integer.toUnsignedLong(credentials.groups().real()))
        .add(AuxiliaryVector.EGID, Integer.toUnsignedLong(credentials.groups().effective()))
        .add(AuxiliaryVector.SECURE, secure ? 1 : 0)
        .add(AuxiliaryVector.HWCAP2, hardware.moreCapabilities());
  }

  private static void mapStack(MemoryManager memory, InitialStack stack, boolean executable) {
    long top = stack.stackPointer() + stack.image().length;
    long start = Addr.pageRoundDown(stack.stackPointer() - STACK_EXPANSION);
    memory.mmap(
        MapOptions.builder(top - start)
            .at(start, Placement.FIXED_NO_REPLACE)
            .access(executable ? AccessType.ANY : AccessType.READ_WRITE)
            .growsDown(true)
            .stack(true)
            .name("[stack]")
            .build());
    memory.copyOutFully(stack.stackPointer(), stack.image(), IOOpts.DEFAULT);
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
