package org.usermem.linux.sysv;

/**
 * A message of a queue.
 *
 * @param type its type, positive
 * @param body its bytes; nobody changes them
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record Message(long type, byte[] body) {}
