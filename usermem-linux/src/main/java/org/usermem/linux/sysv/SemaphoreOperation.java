package org.usermem.linux.sysv;

/**
 * One of the operations that semop(2) does at once: {@code struct sembuf}.
 *
 * @param number which semaphore of the set
 * @param delta what to add; 0 to wait until the semaphore is 0
 * @param failsAtOnce IPC_NOWAIT: it fails with EAGAIN rather than wait
 * @param isUndone SEM_UNDO: it is undone when the process ends
 */
public record SemaphoreOperation(int number, int delta, boolean failsAtOnce, boolean isUndone) {}
