package org.usermem.linux.vdso;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.OptionalLong;
import org.usermem.addr.AccessType;
import org.usermem.addr.Addr;
import org.usermem.io.IOOpts;
import org.usermem.memmap.MapOptions;
import org.usermem.mm.MemoryManager;

/**
 * The image of {@code vdso.S}, with what it needs to know of the platform. Every program gets a
 * private copy, so that a debugger can set a breakpoint in its own alone. Immutable.
 */
public final class Vdso {
  /** Where the image has the address of the host's function: HOST of {@code vdso.lds}. */
  private static final int HOST_AT = 0x180;

  private final byte[] image;

  private Vdso(byte[] image) {
    this.image = image;
  }

  /**
   * Makes the image.
   *
   * @param clockFunction the platform's {@link org.usermem.platform.Platform#clockFunction()};
   *     without one the functions make system calls
   */
  public static Vdso of(OptionalLong clockFunction) {
    byte[] page = Arrays.copyOf(resource(), (int) Addr.PAGE_SIZE);
    MemorySegment.ofArray(page).set(JAVA_LONG_UNALIGNED, HOST_AT, clockFunction.orElse(0));
    return new Vdso(page);
  }

  private static byte[] resource() {
    try (InputStream resource = Vdso.class.getResourceAsStream("vdso.bin")) {
      if (resource == null) {
        throw new IllegalStateException("the module has lost its resource vdso.bin");
      }
      return resource.readAllBytes();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /**
   * Maps the image into an address space that no program runs in yet.
   *
   * @return its address, for AT_SYSINFO_EHDR
   */
  public long map(MemoryManager memory) {
    long address =
        memory.mmap(
            MapOptions.builder(image.length)
                .access(AccessType.READ_EXECUTE)
                .maxAccess(AccessType.ANY)
                .isPrivate(true)
                .name("[vdso]")
                .build());
    memory.copyOutFully(address, MemorySegment.ofArray(image), IOOpts.IGNORE_PERMISSIONS);
    return address;
  }
}
