package org.usermem.platform.inprocess;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.usermem.platform.AddressSpace;
import org.usermem.platform.Platform;
import org.usermem.platform.PlatformKind;

/** A platform for tests, and for embedders that have no guest. */
public final class InProcessPlatform implements Platform {

  private static final long MIN_ADDRESS = 0x1_0000;
  private static final long MAX_ADDRESS = 0x7fff_ffff_0000L;

  private final GuestCode guestCode;
  private final Set<InProcessAddressSpace> addressSpaces = ConcurrentHashMap.newKeySet();

  /** Makes a platform without guest code: every context is dead. */
  public InProcessPlatform() {
    this(GuestCode.NONE);
  }

  /**
   * Makes a platform.
   *
   * @param guestCode what every guest thread runs; it must be good for calls from several threads
   */
  public InProcessPlatform(GuestCode guestCode) {
    this.guestCode = guestCode;
  }

  @Override
  public String name() {
    return PlatformKind.IN_PROCESS.label();
  }

  @Override
  public AddressSpace newAddressSpace() {
    InProcessAddressSpace addressSpace = new InProcessAddressSpace(this, guestCode);
    addressSpaces.add(addressSpace);
    return addressSpace;
  }

  @Override
  public long minAddress() {
    return MIN_ADDRESS;
  }

  @Override
  public long maxAddress() {
    return MAX_ADDRESS;
  }

  @Override
  public void close() {
    addressSpaces.forEach(InProcessAddressSpace::close);
  }

  /** Returns the number of address spaces that are not closed. */
  public int addressSpaceCount() {
    return addressSpaces.size();
  }

  void forget(InProcessAddressSpace addressSpace) {
    addressSpaces.remove(addressSpace);
  }
}
