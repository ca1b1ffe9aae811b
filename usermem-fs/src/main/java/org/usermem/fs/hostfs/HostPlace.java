package org.usermem.fs.hostfs;

/**
 * A name of a file.
 *
 * @param directory the directory that has it
 * @param name the name
 */
record HostPlace(HostDirectory directory, String name) {}
