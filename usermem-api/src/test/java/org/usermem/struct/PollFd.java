package org.usermem.struct;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/** {@code struct pollfd}, as an example of a struct. */
public record PollFd(int fd, short events, short revents) {

  /** How it lies in memory. */
  public static final StructCodec<PollFd> CODEC = new Codec();

  private static final class Codec implements StructCodec<PollFd> {

    private static final StructLayout LAYOUT =
        CLayout.struct(
            CLayout.INT.withName("fd"),
            CLayout.SHORT.withName("events"),
            CLayout.SHORT.withName("revents"));
    private static final VarHandle FD = CLayout.field(LAYOUT, "fd");
    private static final VarHandle EVENTS = CLayout.field(LAYOUT, "events");
    private static final VarHandle REVENTS = CLayout.field(LAYOUT, "revents");

    @Override
    public MemoryLayout layout() {
      return LAYOUT;
    }

    @Override
    public PollFd decode(MemorySegment memory, long offset) {
      return new PollFd(
          (int) FD.get(memory, offset),
          (short) EVENTS.get(memory, offset),
          (short) REVENTS.get(memory, offset));
    }

    @Override
    public void encode(PollFd value, MemorySegment memory, long offset) {
      FD.set(memory, offset, value.fd());
      EVENTS.set(memory, offset, value.events());
      REVENTS.set(memory, offset, value.revents());
    }
  }
}
