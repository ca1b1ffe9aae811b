package org.usermem.platform.stub;

import org.usermem.addr.Addr;

/**
 * Where things are in the address space of a stub process, and in the page of its code.
 *
 * <p>The page lies at the very end of the user addresses, above all that a guest can map. The guest
 * can read and run it; nothing in it is secret, and running it gains nothing, because its system
 * calls are trapped there as elsewhere.
 */
public final class StubLayout {

  /** The first address that the stub keeps for itself: the page of its code. */
  public static final long CODE = 0x7fff_ffff_0000L;

  /** A page of the memory file that the guest can read and the JVM writes. */
  public static final long TABLE = CODE + Addr.PAGE_SIZE;

  /** Where what the host offers to read its clocks is kept, if it can be. */
  public static final long VDSO = CODE - (64 << 10);

  /** Number of bytes that there is room for at {@link #VDSO}. */
  static final long VDSO_BYTES = CODE - VDSO;

  /** Where slots of guest threads of systrap are; those of ptrace have none. */
  public static final long SLOTS = 0x7ffe_0000_0000L;

  /** Number of bytes from one slot to the next: the stub finds its slot by rounding down to it. */
  public static final long SLOT_STRIDE = 64 << 10;

  /** Number of slots that there is room for. */
  public static final int SLOT_COUNT = 1 << 16;

  /** The end of the user addresses of x86-64 with four levels of page tables. */
  public static final long USER_END = 0x7fff_ffff_f000L;

  /** The descriptor of the memory file in a stub process. */
  public static final int MEMORY_FILE_DESCRIPTOR = 0;

  /** Where the image is loaded, before it moves to {@link #CODE}. */
  static final long LOAD = 0x10_0000;

  static final int ENTRY_OFFSET = 0x000;
  static final int PARK_OFFSET = 0x080;
  static final int PARK_RETURN_OFFSET = 0x087;
  static final int INJECT_OFFSET = 0x0c0;
  static final int INJECT_RETURN_OFFSET = INJECT_OFFSET + 2;
  static final int CLONE_OFFSET = 0x100;
  static final int CLONE_RETURN_OFFSET = CLONE_OFFSET + 2;
  static final int BATCH_OFFSET = 0x140;
  static final int BATCH_RETURN_OFFSET = 0x167;

  /** Number of bytes of an entry of the table that the batch reads. */
  static final int BATCH_ENTRY_BYTES = 48;

  static final int START_OFFSET = 0x1c0;
  static final int HANDLER_OFFSET = 0x200;
  static final int WAKE_RETURN_OFFSET = 0x250;
  static final int WAIT_RETURN_OFFSET = 0x279;
  static final int SIGRETURN_RETURN_OFFSET = 0x2a8;
  static final int EXIT_RETURN_OFFSET = 0x2b2;

  static final int DATA_OFFSET = 0x800;
  static final int PARENT_OFFSET = DATA_OFFSET;
  static final int ZERO_LIMIT_OFFSET = DATA_OFFSET + 16;
  static final int NAME_OFFSET = DATA_OFFSET + 32;
  static final int PROGRAM_OFFSET = DATA_OFFSET + 48;
  static final int GUEST_PROGRAM_OFFSET = DATA_OFFSET + 64;
  static final int SIGNAL_ACTION_OFFSET = DATA_OFFSET + 80;
  static final int FILTERS_OFFSET = DATA_OFFSET + 112;

  private StubLayout() {}

  /** Returns where a guest thread of the trapped flavour begins. */
  public static long startAddress() {
    return CODE + START_OFFSET;
  }

  /** Returns where the {@code struct sock_fprog} for guest threads of the trapped flavour is. */
  public static long guestProgramAddress() {
    return CODE + GUEST_PROGRAM_OFFSET;
  }
}
