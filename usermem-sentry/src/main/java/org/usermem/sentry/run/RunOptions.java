package org.usermem.sentry.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.usermem.platform.PlatformKind;

/**
 * What to run, and in which sentry.
 *
 * @param command the program and its arguments, at least the program
 * @param root the host directory that the guest sees as its root, through an overlay
 * @param mounts what is mounted besides
 * @param environment the program's environment, as NAME=VALUE
 * @param workingDirectory the program's working directory; the caller's if empty, where it exists
 * @param user user and group of the program
 * @param hostName name of the guest's machine
 * @param memoryBytes how much memory guests may have
 * @param maximumTasks how many tasks there may be
 * @param platform what runs guest code; the best that works if empty
 * @param showsCalls whether system calls are shown
 * @param showsSummary whether calls that are not implemented are counted and shown at the end
 * @param showsMaps whether the program's mappings are shown as it ends
 */
public record RunOptions(
    List<String> command,
    Path root,
    List<MountOption> mounts,
    List<String> environment,
    Optional<String> workingDirectory,
    UserOption user,
    String hostName,
    long memoryBytes,
    int maximumTasks,
    Optional<PlatformKind> platform,
    boolean showsCalls,
    boolean showsSummary,
    boolean showsMaps) {}
