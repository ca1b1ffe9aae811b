package org.usermem.platform.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.usermem.addr.Addr;
import org.usermem.platform.Platform;

/** Starts programs of the tests in JVMs of their own, and looks for the processes they leave. */
public final class ChildJvm {

  private static final String MODULE = "org.usermem.platform";

  private ChildJvm() {}

  /** Starts a program of the test classes. */
  public static Process start(Class<?> program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--module-path");
    command.add(location(Platform.class) + ":" + location(Addr.class));
    command.add("--patch-module=" + MODULE + "=" + Path.of("target", "test-classes"));
    command.add("--enable-native-access=" + MODULE);
    command.add("--module");
    command.add(MODULE + "/" + program.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static String location(Class<?> type) {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath()).toString();
  }

  /** Returns the processes whose command line is that of a stub and whose parent is a process. */
  public static List<Long> stubsOf(long parent) throws IOException {
    List<Long> found = new ArrayList<>();
    for (long process : processes()) {
      if (isStub(process) && parentOf(process) == parent) {
        found.add(process);
      }
    }
    return found;
  }

  /** Returns whether a process exists and is not a zombie. */
  public static boolean isAlive(long process) {
    try {
      String status = Files.readString(Path.of("/proc/" + process + "/stat"));
      return !status.substring(status.lastIndexOf(')') + 2).startsWith("Z");
    } catch (IOException gone) {
      return false;
    }
  }

  private static List<Long> processes() throws IOException {
    try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> name.chars().allMatch(Character::isDigit))
          .map(Long::valueOf)
          .toList();
    }
  }

  private static long parentOf(long process) {
    try {
      String status = Files.readString(Path.of("/proc/" + process + "/stat"));
      return Long.parseLong(status.substring(status.lastIndexOf(')') + 2).split(" ")[1]);
    } catch (IOException gone) {
      return -1;
    }
  }

  private static boolean isStub(long process) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/" + process + "/exe"))
          .toString()
          .contains("usermem-stub");
    } catch (IOException gone) {
      return false;
    }
  }
}
