package org.usermem.linux.exec;

import java.util.List;

/**
 * What is to be executed. Strings are the bytes that the program gave, without their NULs; arrays
 * are not changed by anybody.
 *
 * @param path by which it was named (AT_EXECFN), one char a byte
 * @param arguments argv
 * @param environment envp
 */
public record Program(String path, List<byte[]> arguments, List<byte[]> environment) {}
