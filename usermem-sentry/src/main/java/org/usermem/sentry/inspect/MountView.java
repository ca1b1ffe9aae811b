package org.usermem.sentry.inspect;

/**
 * A mount.
 *
 * @param target where it is
 * @param source what it shows
 * @param type the type of its file system
 * @param options what it allows, as in /proc/mounts
 */
public record MountView(String target, String source, String type, String options) {}
