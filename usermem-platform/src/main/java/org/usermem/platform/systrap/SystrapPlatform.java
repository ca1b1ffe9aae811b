package org.usermem.platform.systrap;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.usermem.platform.AddressSpace;
import org.usermem.platform.Platform;
import org.usermem.platform.PlatformException;
import org.usermem.platform.PlatformKind;
import org.usermem.platform.memory.HostMemoryFile;
import org.usermem.platform.stub.HostLimits;
import org.usermem.platform.stub.Placement;
import org.usermem.platform.stub.Processors;
import org.usermem.platform.stub.StubFlavor;
import org.usermem.platform.stub.StubLayout;
import org.usermem.platform.stub.StubMaster;

/** The platform whose guest threads stop themselves. */
final class SystrapPlatform implements Platform {

  /** How long a Java thread sleeps before it looks whether its guest thread still lives. */
  private static final long SLEEP_NANOS = 250_000_000;

  private final HostMemoryFile memoryFile;
  private final StubMaster master;
  private final long minAddress = HostLimits.lowestMappableAddress();
  private final SpareAddressSpaces spares;
  private final Processors processors = Processors.find();

  /** Set when the first guest thread is made, before any guest code has run. */
  private volatile @Nullable FrameGeometry geometry;

  /** The extended state of a new program; set before the geometry. */
  private volatile byte[] initialExtendedState = {};

  /** These are struct timespec, shared by all threads as they never change. */
  private final MemorySegment sleep = timespec(SLEEP_NANOS);

  private final MemorySegment shortSleep = timespec(Placement.LONG_RUN_NANOS);

  SystrapPlatform(HostMemoryFile memoryFile) {
    if (!HostLimits.hasFsGsBase()) {
      throw new PlatformException(
          "this processor or kernel has no FSGSBASE instructions; use --platform=ptrace");
    }
    this.memoryFile = memoryFile;
    master = StubMaster.start(memoryFile.fileDescriptor(), StubFlavor.TRAPPED, processors);
    spares = new SpareAddressSpaces(this::makeSpare);
  }

  @Override
  public String name() {
    return PlatformKind.SYSTRAP.label();
  }

  @Override
  public AddressSpace newAddressSpace() {
    SystrapAddressSpace spare = spares.take();
    return spare != null ? spare : new SystrapAddressSpace(this, master, memoryFile);
  }

  private SystrapAddressSpace makeSpare() {
    processors.bindHome();
    SystrapAddressSpace made = new SystrapAddressSpace(this, master, memoryFile);
    try {
      made.prepare();
      return made;
    } catch (RuntimeException failed) {
      made.close();
      throw failed;
    }
  }

  @Override
  public long minAddress() {
    return minAddress;
  }

  @Override
  public long maxAddress() {
    return StubLayout.SLOTS;
  }

  /**
   * Returns the geometry of this host's signal frames.
   *
   * @param thread a new thread; if it is the first of the platform, they are measured on it
   */
  FrameGeometry geometry(SystrapThread thread) {
    FrameGeometry known = geometry;
    if (known == null) {
      synchronized (this) {
        known = geometry;
        if (known == null) {
          known = thread.measure();
          initialExtendedState = thread.extendedState(known);
          geometry = known;
        }
      }
    }
    return known;
  }

  /** Returns the extended state of a new program. */
  MemorySegment initialExtendedState() {
    return MemorySegment.ofArray(initialExtendedState);
  }

  Processors processors() {
    return processors;
  }

  MemorySegment sleep() {
    return sleep;
  }

  /** Returns how long a guest runs before it counts as one that runs for long. */
  MemorySegment shortSleep() {
    return shortSleep;
  }

  private static MemorySegment timespec(long nanos) {
    MemorySegment timespec = Arena.ofAuto().allocate(16, 8);
    timespec.set(ValueLayout.JAVA_LONG, 8, nanos);
    return timespec;
  }

  @Override
  public OptionalLong clockFunction() {
    return master.clockFunction();
  }

  @Override
  public boolean hasVsyscallPage() {
    return master.hasVsyscallPage();
  }

  @Override
  public void close() {
    spares.close();
    master.close();
  }
}
