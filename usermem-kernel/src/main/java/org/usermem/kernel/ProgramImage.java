package org.usermem.kernel;

import org.usermem.addr.AddrRange;
import org.usermem.fs.FileDescription;
import org.usermem.kernel.identity.TaskCredentials;
import org.usermem.mm.MemoryManager;
import org.usermem.platform.Registers;

/**
 * A program that is loaded: what {@link Architecture#load} makes and execve(2) installs. Forked
 * tasks share it, but for the address space.
 *
 * @param memory its address space
 * @param registers what it starts with
 * @param name the name of the task, at most 15 bytes
 * @param executable the program's file (of a script, its interpreter's); the image owns a reference
 * @param credentials after set-user-ID bits
 * @param isSecure whether the program gained rights, so that nobody unprivileged may look inside
 * @param arguments where the argument strings are
 * @param environment where the environment strings are
 * @param stackStart address of argc
 * @param auxiliaryVector the bytes of the auxiliary vector
 */
@SuppressWarnings("ArrayRecordComponent") // Images are not compared.
public record ProgramImage(
    MemoryManager memory,
    Registers registers,
    String name,
    FileDescription executable,
    TaskCredentials credentials,
    boolean isSecure,
    AddrRange arguments,
    AddrRange environment,
    long stackStart,
    byte[] auxiliaryVector) {}
