package org.usermem.itests.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.usermem.itests.BuiltModules;
import org.usermem.itests.Execution;

/** A shell and a browser look at a sentry whose guest does this and that until its input ends. */
class ObserversTest {

  private static final String GUEST =
      "while read x </proc/version; do sleep 0.1; done & echo ready; read line; kill $!; echo done";

  @TempDir private static Path directory;

  private static Path socket;
  private static Process sentry;
  private static BufferedReader output;
  private static URI view;

  @BeforeAll
  static void start() throws IOException {
    socket = directory.resolve("socket");
    Path errors = directory.resolve("errors");
    sentry =
        new ProcessBuilder(
                usermem(),
                "run",
                "--control",
                socket.toString(),
                "--view",
                "0",
                "--",
                "/bin/busybox",
                "sh",
                "-c",
                GUEST)
            .redirectError(errors.toFile())
            .start();
    output =
        new BufferedReader(new InputStreamReader(sentry.getInputStream(), StandardCharsets.UTF_8));
    assertEquals("ready", output.readLine(), () -> text(errors));
    String said = text(errors).lines().filter(l -> l.contains("view at")).findFirst().orElseThrow();
    view = URI.create(said.substring(said.indexOf("http")));
  }

  /** What looks at a sentry ends with it, and leaves nothing behind. */
  @AfterAll
  static void end() throws Exception {
    sentry.getOutputStream().close();
    assertEquals("done", output.readLine());
    assertEquals(0, sentry.waitFor());
    assertFalse(Files.exists(socket));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static String usermem() {
    return BuiltModules.sourceTree().resolve("usermem").toString();
  }

  private static Execution shell(String... lines) {
    List<String> words = new ArrayList<>(List.of(usermem(), "shell"));
    for (String line : lines) {
      words.addAll(List.of("-c", line));
    }
    words.add(socket.toString());
    return Execution.of(directory, words.toArray(String[]::new));
  }

  @Test
  void theShellShowsProcessesMemoryMountsLayersAndCalls() {
    Execution shell =
        shell("ps", "maps 1 | grep stack", "mounts", "layers", "trace all 3", "stats 1", "help");
    assertEquals(0, shell.exitCode(), shell.err());
    String said = shell.out();
    assertTrue(said.contains("/bin/busybox sh -c"), said);
    assertTrue(said.contains("rw-p") && said.contains("[stack]"), said);
    assertTrue(said.lines().anyMatch(l -> l.startsWith("/proc") && l.contains("proc")), said);
    assertTrue(said.contains("org.usermem.fs (file-system) -> org.usermem.api"), said);
    assertEquals(3, said.lines().filter(l -> l.matches("\\[\\d+] \\w+\\(.*")).count(), said);
    assertTrue(said.lines().anyMatch(l -> l.startsWith("system call ")), said);
    assertTrue(said.contains("Shows memory of a process"), said);
  }

  @Test
  void theShellPeeksAtMemory() throws IOException {
    Path script = directory.resolve("script");
    Files.writeString(script, "maps 1\n");
    String maps = Execution.of(directory, script, usermem(), "shell", socket.toString()).out();
    String image =
        maps.lines().filter(l -> l.contains("busybox")).findFirst().orElseThrow().split("-")[0];
    Execution shell = shell("peek 1 0x" + image + " 16");
    assertTrue(shell.out().contains("7f 45 4c 46"), shell.out() + shell.err());
  }

  @Test
  void whatIsWrongIsOneLine() {
    Execution shell = shell("maps 4711");
    assertEquals(1, shell.exitCode());
    assertEquals("usermem: there is no process 4711 with memory\n", shell.err());
    Execution usage = shell("peek");
    assertEquals("usermem: usage: peek PID ADDRESS [BYTES]\n", usage.err());
  }

  @Test
  void aShellHasASentryOfItsOwn() {
    Execution shell =
        Execution.of(
            directory,
            usermem(),
            "shell",
            "-c",
            "run /bin/busybox echo one; run /bin/busybox sh -c 'exit 3'; run /bin/busybox echo two",
            "-c",
            "run /bin/busybox sleep 100 &",
            "-c",
            "mounts | grep devpts",
            "-c",
            "run /no/such");
    List<String> lines = shell.out().lines().toList();
    assertEquals(
        List.of("one", "/bin/busybox exits with 3", "two"), lines.subList(0, 3), shell.err());
    assertTrue(lines.getLast().startsWith("/dev/pts"), shell.out());
    assertEquals(1, shell.exitCode());
    assertEquals("usermem: run: ENOENT (No such file or directory)\n", shell.err());
  }

  @Test
  void onlyTheOwnerMayConnect() throws IOException {
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
    try (Stream<Path> files = Files.list(directory)) {
      assertTrue(files.noneMatch(f -> f.getFileName().toString().startsWith(".usermem")));
    }
  }

  @Test
  void aSocketThatIsServedIsNotTaken() {
    Execution second =
        Guest.run(directory, List.of("--control", socket.toString()), "/bin/busybox", "true");
    assertEquals(125, second.exitCode());
    assertTrue(second.err().contains("another sentry serves it"), second.err());
  }

  /** Sends a request as it stands, and returns the line that answers. */
  private static String status(String method, String path, String host) throws IOException {
    try (Socket connection = new Socket(InetAddress.getLoopbackAddress(), view.getPort())) {
      OutputStream out = connection.getOutputStream();
      String request = method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\n";
      out.write((request + "Connection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      out.flush();
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
      return String.valueOf(in.readLine());
    }
  }

  @Test
  void theViewIsForWhoeverHasItsAddress() throws IOException {
    String here = view.getAuthority();
    String path = view.getPath();
    assertEquals("HTTP/1.1 200 OK", status("GET", path, here));
    assertEquals("HTTP/1.1 200 OK", status("GET", path + "state.json", here));
    assertTrue(status("GET", "/", here).contains(" 404 "));
    assertTrue(status("GET", "/view.js", here).contains(" 404 "));
    assertTrue(status("GET", "/0123456789abcdef0123456789abcdef/", here).contains(" 404 "));
    assertTrue(status("GET", path + "../../etc/passwd", here).contains(" 404 "));
    assertTrue(status("POST", path, here).contains(" 405 "));
    assertTrue(status("GET", path, "evil.example:" + view.getPort()).contains(" 421 "));
    assertTrue(
        status("GET", path + "pages.json?process=1&start=0&pages=1", here).contains(" 400 "));
    assertTrue(
        status("GET", path + "pages.json?process=1&start=0&pages=99999999", here)
            .contains(" 400 "));
  }

  @Test
  void aBrowserShowsTheMapAndWhatHappens() {
    Path chromium = Path.of("/usr/bin/chromium");
    Assumptions.assumeTrue(Files.isExecutable(chromium), "chromium is not installed");
    Execution browser =
        Execution.of(
            directory,
            chromium.toString(),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--user-data-dir=" + directory.resolve("profile"),
            "--virtual-time-budget=2000",
            "--dump-dom",
            view + "#batches=3");
    String page = browser.out();
    assertEquals(0, browser.exitCode(), browser.err());
    assertTrue(page.contains("id=\"process-1\""), page);
    assertTrue(page.matches("(?s).*<button class=\"area\"[^>]*data-kind=\"stack\".*"), page);
    assertTrue(page.matches("(?s).*<td>/proc</td><td>proc</td>.*"), page);
    assertTrue(page.contains("<td>org.usermem.fs</td><td>file-system</td>"), page);
    assertTrue(page.matches("(?s).*<span class=\"numbers\">[^<]* faults, .*"), page);
    assertTrue(page.matches("(?s).*<p id=\"live\"[^>]*>ended</p>.*"), page);
  }
}
