package org.usermem.fs;

import org.usermem.memmap.MemoryFile;

/**
 * What the VFS gives to a file system.
 *
 * @param memoryFile where pages that programs can map are allocated
 * @param clock the time for time stamps
 * @param deviceId the number of the device that the file system is on, of its own
 */
public record FileSystemContext(MemoryFile memoryFile, FileClock clock, long deviceId) {}
