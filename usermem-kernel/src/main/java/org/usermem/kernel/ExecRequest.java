package org.usermem.kernel;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.usermem.fs.FileDescription;
import org.usermem.kernel.fd.FsContext;
import org.usermem.kernel.identity.TaskCredentials;
import org.usermem.kernel.limits.ResourceLimits;

/**
 * What to execute, and what the program gets (execve(2)).
 *
 * @param executable the file, open for execution; the request borrows it
 * @param path the path as the program will find it in AT_EXECFN and a script's interpreter as its
 *     argument, one char a byte
 * @param arguments argv; strings of bytes without their NUL
 * @param environment envp
 * @param credentials of the task that executes, before set-user-ID bits
 * @param fsContext resolves the paths of interpreters
 * @param limits of the process
 * @param task the task that executes; null for the first program of a process
 */
public record ExecRequest(
    FileDescription executable,
    String path,
    List<byte[]> arguments,
    List<byte[]> environment,
    TaskCredentials credentials,
    FsContext fsContext,
    ResourceLimits limits,
    @Nullable Task task) {}
