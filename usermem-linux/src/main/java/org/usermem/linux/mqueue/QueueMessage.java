package org.usermem.linux.mqueue;

/**
 * A message of a queue.
 *
 * @param priority the higher the sooner
 * @param body its bytes; nobody changes them
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record QueueMessage(int priority, byte[] body) {}
