package org.usermem.platform;

import org.usermem.addr.AccessType;
import org.usermem.memmap.FileRange;

/**
 * One request of {@link AddressSpace#mapFiles}: the arguments of {@link AddressSpace#mapFile}.
 *
 * @param address the guest address of the first byte
 * @param range the range of the memory file
 * @param access what the guest may do
 * @param precommit whether to enter the pages into the page tables now
 */
public record FileMapping(long address, FileRange range, AccessType access, boolean precommit) {}
