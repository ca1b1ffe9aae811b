package org.usermem.benchmarks.mm.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.grading.ReportUtils;
import org.openjdk.jcstress.infra.runners.TestList;

/**
 * Runs the litmus tests of this package, and judges them: no outcome that is forbidden, and from
 * the controls the outcome that they are there for.
 *
 * <p>A control whose outcome needs luck is reported as skipped where it has not shown it; one that
 * shows it by the hundred on any machine with two processors, busy or not, fails after three runs.
 */
@Tag("slow")
class LitmusTest {

  /** Controls that need no luck. */
  private static final Set<String> RELIABLE =
      Set.of(
          "EpochStoreBuffering.Broken",
          "FaultAgainstUnlink.Broken",
          "LateExit.Broken",
          "TwoReclaimers.Broken");

  private static final int MOST_RUNS = 3;
  private static final int MILLISECONDS = 300;

  /** Far more than it takes on a busy machine. */
  private static final int HANGS_AFTER_MINUTES = 15;

  @TempDir Path directory;

  @TestFactory
  Stream<DynamicTest> litmusTests() throws Exception {
    assumeTrue(Runtime.getRuntime().availableProcessors() >= 2, "races need two processors");
    String all = Pattern.quote(LitmusTest.class.getPackageName() + ".") + ".*";
    SortedMap<String, TestResult> results = run("all", all, MILLISECONDS);
    Set<String> known = new TreeSet<>();
    for (String name : TestList.tests()) {
      if (name.matches(all)) {
        known.add(shape(name));
      }
    }
    assertEquals(known, results.keySet(), "jcstress has not run each test");
    return results.entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(), () -> judge(entry.getKey(), entry.getValue())));
  }

  private void judge(String shape, TestResult result) throws Exception {
    assertTrue(
        ReportUtils.statusToPassed(result) && result.grading().isPassed, () -> describe(result));
    if (!shape.endsWith(".Broken")) {
      assertTrue(result.getTotalCount() > 0, "no state was tried");
      return;
    }
    long shown = interesting(result);
    for (int run = 2; shown == 0 && run <= MOST_RUNS && RELIABLE.contains(shape); run++) {
      String name = Pattern.quote(result.getName());
      shown = interesting(run(shape + run, name, MILLISECONDS * 10).get(shape));
    }
    boolean isShown = shown > 0;
    if (RELIABLE.contains(shape)) {
      assertTrue(isShown, () -> "a control must fail: " + describe(result));
    } else {
      assumeTrue(isShown, () -> "the control has not failed this time: " + describe(result));
    }
  }

  private static long interesting(TestResult result) {
    return result.grading().gradingResults.values().stream()
        .filter(outcome -> outcome.expect == Expect.ACCEPTABLE_INTERESTING)
        .mapToLong(outcome -> outcome.count)
        .sum();
  }

  private static String describe(TestResult result) {
    StringBuilder text = new StringBuilder(result.getName()).append(' ').append(result.status());
    result
        .grading()
        .gradingResults
        .values()
        .forEach(
            outcome ->
                text.append("\n  %s: %d, %s".formatted(outcome.id, outcome.count, outcome.expect)));
    result.getMessages().forEach(line -> text.append("\n  ").append(line));
    result.getVmErr().forEach(line -> text.append("\n  ").append(line));
    return text.toString();
  }

  private static String shape(String name) {
    return name.substring(LitmusTest.class.getPackageName().length() + 1);
  }

  /** Runs jcstress in a JVM of its own; it starts another for each test. */
  private SortedMap<String, TestResult> run(String run, String tests, int milliseconds)
      throws Exception {
    Path work = Files.createDirectory(directory.resolve(run));
    Path output = work.resolve("output");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "org.openjdk.jcstress.Main",
                "-t",
                tests,
                "-f",
                "1",
                "-iters",
                "2",
                "-time",
                Integer.toString(milliseconds),
                "-af",
                "NONE",
                "-sc",
                "false",
                // The two actors set out together at each few states.
                "-strideSize",
                "8",
                "-strideCount",
                "200",
                "-jvmArgs",
                "-XX:+UseSerialGC --enable-native-access=ALL-UNNAMED",
                "-r",
                work.resolve("report").toString())
            .directory(work.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertTrue(
          process.waitFor(HANGS_AFTER_MINUTES, TimeUnit.MINUTES),
          () -> "jcstress hangs:\n" + read(output));
    } finally {
      process.destroyForcibly();
    }
    return results(work, output);
  }

  private static SortedMap<String, TestResult> results(Path work, Path output) throws Exception {
    InProcessCollector collector = new InProcessCollector();
    try (Stream<Path> files = Files.list(work)) {
      Path blob =
          files
              .filter(file -> file.toString().endsWith(".bin.gz"))
              .findFirst()
              .orElseThrow(() -> new AssertionError("jcstress has failed:\n" + read(output)));
      DiskReadCollector reader = new DiskReadCollector(blob.toString(), collector);
      reader.dump();
      reader.close();
    }
    SortedMap<String, TestResult> results = new TreeMap<>();
    for (TestResult result : ReportUtils.mergedByName(collector.getTestResults())) {
      results.put(shape(result.getName()), result);
    }
    return results;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
