package org.usermem.mm;

import java.util.concurrent.atomic.AtomicInteger;
import org.usermem.addr.AccessType;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.memmap.FileRange;
import org.usermem.platform.AddressSpace;
import org.usermem.platform.Context;
import org.usermem.platform.Platform;

/** A platform whose host refuses a mapping of the guest, after it has granted some. */
record RefusingPlatform(Platform platform, AtomicInteger granted) implements Platform {

  @Override
  public String name() {
    return "refusing";
  }

  @Override
  public AddressSpace newAddressSpace() {
    return new Refusing(platform.newAddressSpace(), granted);
  }

  @Override
  public long minAddress() {
    return platform.minAddress();
  }

  @Override
  public long maxAddress() {
    return platform.maxAddress();
  }

  @Override
  public void close() {
    platform.close();
  }

  /** One of its address spaces. */
  record Refusing(AddressSpace guest, AtomicInteger granted) implements AddressSpace {

    @Override
    public void mapFile(long address, FileRange range, AccessType access, boolean precommit) {
      if (granted.getAndDecrement() == 0) {
        guest.unmap(address, range.byteCount());
        throw LinuxException.of(Errno.ENOMEM);
      }
      guest.mapFile(address, range, access, precommit);
    }

    @Override
    public void unmap(long address, long byteCount) {
      guest.unmap(address, byteCount);
    }

    @Override
    public Context newContext() {
      return guest.newContext();
    }

    @Override
    public void close() {
      guest.close();
    }
  }
}
