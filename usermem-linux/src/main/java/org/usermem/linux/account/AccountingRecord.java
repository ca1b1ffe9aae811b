package org.usermem.linux.account;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.usermem.kernel.Task;
import org.usermem.kernel.ThreadGroup;
import org.usermem.kernel.WaitStatus;
import org.usermem.kernel.limits.ResourceUsage;
import org.usermem.kernel.time.Clocks;
import org.usermem.linux.tty.Terminal;

/** {@code struct acct_v3} of acct(5). */
final class AccountingRecord {

  static final int BYTE_COUNT = 64;

  private static final byte VERSION = 3;
  private static final int NAME_AT = 48;
  private static final int NAME_BYTE_LIMIT = 16;

  private static final int FORKED_WITHOUT_EXEC = 0x01;
  private static final int DUMPED = 0x08;
  private static final int KILLED = 0x10;

  private static final long NANOS_PER_TICK = 10_000_000;
  private static final int PTS_MAJOR = 136;

  private static final int MANTISSA_BITS = 13;
  private static final int EXPONENT_BITS = 3;
  private static final long MANTISSA_MAXIMUM = (1 << MANTISSA_BITS) - 1;

  private AccountingRecord() {}

  /** Returns the record of a process whose last task ends. */
  static byte[] of(Task last) {
    byte[] bytes = new byte[BYTE_COUNT];
    MemorySegment to = MemorySegment.ofArray(bytes);
    ThreadGroup group = last.threadGroup();
    ResourceUsage usage = group.usage();
    int status = group.endStatus();
    long elapsed = Clocks.monotonicNanos() - group.startNanos();
    long elapsedTicks = elapsed / NANOS_PER_TICK;
    to.set(JAVA_BYTE, 0, (byte) flags(group, status));
    to.set(JAVA_BYTE, 1, VERSION);
    if (group.session().terminal() instanceof Terminal terminal) {
      to.set(JAVA_SHORT_UNALIGNED, 2, (short) ((PTS_MAJOR << 8) | (terminal.number() & 0xff)));
    }
    to.set(JAVA_INT_UNALIGNED, 4, status);
    to.set(JAVA_INT_UNALIGNED, 8, last.credentials().users().real());
    to.set(JAVA_INT_UNALIGNED, 12, last.credentials().groups().real());
    to.set(JAVA_INT_UNALIGNED, 16, group.id());
    to.set(JAVA_INT_UNALIGNED, 20, group.parentId());
    to.set(JAVA_INT_UNALIGNED, 24, (int) ((Clocks.realtimeNanos() - elapsed) / 1_000_000_000));
    to.set(JAVA_INT_UNALIGNED, 28, Float.floatToRawIntBits((float) elapsedTicks));
    putCompressed(to, 32, usage.userNanos() / NANOS_PER_TICK);
    putCompressed(to, 34, usage.systemNanos() / NANOS_PER_TICK);
    putCompressed(to, 36, last.memoryManager().totals().virtual() / 1024);
    putCompressed(to, 42, usage.minorFaults());
    putCompressed(to, 44, usage.majorFaults());
    byte[] name = group.leader().parts().name().getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(name, 0, bytes, NAME_AT, Math.min(name.length, NAME_BYTE_LIMIT - 1));
    return bytes;
  }

  private static int flags(ThreadGroup group, int status) {
    int flags = group.hasExecuted() ? 0 : FORKED_WITHOUT_EXEC;
    if (!WaitStatus.isExited(status)) {
      flags |= WaitStatus.isDumped(status) ? KILLED | DUMPED : KILLED;
    }
    return flags;
  }

  private static void putCompressed(MemorySegment to, long at, long value) {
    to.set(JAVA_SHORT_UNALIGNED, at, (short) compressed(value));
  }

  /**
   * Returns a {@code comp_t}: three bits of an exponent to the base 8 above 13 bits of mantissa,
   * rounded ({@code encode_comp_t}).
   */
  static int compressed(long value) {
    long mantissa = value;
    int exponent = 0;
    boolean roundsUp = false;
    while (mantissa > MANTISSA_MAXIMUM) {
      roundsUp = (mantissa & (1 << (EXPONENT_BITS - 1))) != 0;
      mantissa >>>= EXPONENT_BITS;
      exponent++;
    }
    if (roundsUp) {
      mantissa++;
      if (mantissa > MANTISSA_MAXIMUM) {
        mantissa >>>= EXPONENT_BITS;
        exponent++;
      }
    }
    return exponent >= (1 << EXPONENT_BITS)
        ? 0xffff
        : (int) ((exponent << MANTISSA_BITS) | mantissa);
  }
}
