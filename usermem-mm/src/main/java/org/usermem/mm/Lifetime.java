package org.usermem.mm;

import org.usermem.mm.epoch.Retired;
import org.usermem.platform.AddressSpace;

/** The users of an address space, and its end. */
final class Lifetime {

  private Lifetime() {}

  static boolean incUsers(Space space) {
    int users = space.users.get();
    while (users > 0) {
      int seen = space.users.compareAndExchange(users, users + 1);
      if (seen == users) {
        return true;
      }
      users = seen;
    }
    return false;
  }

  /** Drops a use; returns whether it was the last. */
  static boolean decUsers(Space space) {
    int left = space.users.decrementAndGet();
    if (left < 0) {
      throw new IllegalStateException("an address space has lost a user that it did not have");
    }
    if (left == 0) {
      end(space);
    }
    return left == 0;
  }

  private static void end(Space space) {
    space.aio.destroyAll();
    AddressSpace addressSpace;
    space.locks.lockPagesForWriting();
    try {
      space.dead = true;
      addressSpace = space.addressSpace;
      space.addressSpace = null;
    } finally {
      space.locks.unlockPagesForWriting();
    }
    if (addressSpace != null) {
      addressSpace.close();
    }
    Retired retired = new Retired();
    space.locks.lockMappingsForWriting();
    try {
      space.unmapRange(0, space.layout.maxAddress(), retired);
    } finally {
      space.unlockMappings(retired);
    }
    // Nobody comes by later to drop what had to wait.
    space.quarantine.awaitAndReclaim();
  }

  static AddressSpace addressSpace(Space space) {
    space.locks.lockPagesForWriting();
    try {
      AddressSpace addressSpace = space.addressSpace;
      if (addressSpace == null) {
        if (space.dead) {
          throw new IllegalStateException("an address space without users has no guest");
        }
        addressSpace = space.platform.newAddressSpace();
        space.addressSpace = addressSpace;
      }
      return addressSpace;
    } finally {
      space.locks.unlockPagesForWriting();
    }
  }
}
