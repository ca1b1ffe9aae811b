package org.usermem.sentry.inspect;

/**
 * A process as it was at one moment.
 *
 * @param id its number
 * @param parent the number of its parent
 * @param state the letter of /proc/PID/stat
 * @param tasks how many tasks it has
 * @param virtualBytes addresses that are mapped
 * @param residentBytes memory that is there
 * @param command its command line
 */
public record ProcessView(
    int id,
    int parent,
    char state,
    int tasks,
    long virtualBytes,
    long residentBytes,
    String command) {}
