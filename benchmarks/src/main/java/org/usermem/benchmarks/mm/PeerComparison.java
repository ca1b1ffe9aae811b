package org.usermem.benchmarks.mm;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * The benchmarks of this package beside gVisor's {@code mm.MemoryManager} at the same, in one run.
 *
 * <p>The time of an operation is the lowest of many short rounds, here and there: what else the
 * machine does only adds to it, and leaves some rounds alone.
 */
public final class PeerComparison {

  private static final int ROUNDS = 25;
  private static final int MILLISECONDS = 20;
  private static final int WARM_UP_MILLISECONDS = 1000;
  private static final String PEER = "gVisor ";
  private static final long ANY = -1;

  private static final Pattern PEER_LINE =
      Pattern.compile("Benchmark(\\S+?)(?:-\\d+)?\\s+\\d+\\s+([0-9.]+) ns/op.*");

  /**
   * What is compared.
   *
   * @param ours a benchmark of this package, with its parameter
   * @param reference what it is compared with: a benchmark of the peer's, or another of ours
   * @param factor what ours may take at most, as a multiple of the reference
   * @param more nanoseconds that ours may take beyond that
   * @param byteCount bytes that ours may allocate, or ANY; JMH's own are many where operations take
   *     long
   */
  private record Row(
      String measure, String ours, String reference, double factor, double more, long byteCount) {}

  /** What was measured: nanoseconds and allocated bytes an operation. */
  private record Figure(double nanoseconds, double byteCount) {}

  private static final List<Row> ROWS =
      List.of(
          peer("copyIn 8 B", "CopyBenchmark.copyIn 8", "Copy/In/8", 0.4, 0),
          peer("copyIn 64 B", "CopyBenchmark.copyIn 64", "Copy/In/64", 0.4, 0),
          peer("copyIn 512 B", "CopyBenchmark.copyIn 512", "Copy/In/512", 0.4, 0),
          peer("copyOut 8 B", "CopyBenchmark.copyOut 8", "Copy/Out/8", 0.4, 0),
          peer("copyOut 64 B", "CopyBenchmark.copyOut 64", "Copy/Out/64", 0.4, 0),
          peer("copyOut 512 B", "CopyBenchmark.copyOut 512", "Copy/Out/512", 0.4, 0),
          plain("copyIn 4 KiB", "CopyBenchmark.copyIn 4096", 1, 15, 0),
          plain("copyOut 4 KiB", "CopyBenchmark.copyOut 4096", 1, 15, 0),
          plain("copyIn 64 KiB", "CopyBenchmark.copyIn 65536", 1 / 0.95, 0, ANY),
          plain("copyOut 64 KiB", "CopyBenchmark.copyOut 65536", 1 / 0.95, 0, ANY),
          plain("copyIn 1 MiB", "CopyBenchmark.copyIn 1048576", 1 / 0.95, 0, ANY),
          plain("copyOut 1 MiB", "CopyBenchmark.copyOut 1048576", 1 / 0.95, 0, ANY),
          peer(
              "copyIn 64 B, random in 64 MiB",
              "ScatteredCopyBenchmark.inOneArea",
              "RandomInOneArea",
              0.6,
              0),
          peer(
              "copyIn 64 B, random in 10,000 areas",
              "ScatteredCopyBenchmark.amongManyAreas",
              "RandomAmongManyAreas",
              0.2,
              0),
          new Row(
              "copyIn 64 B, two threads together",
              "SharedCopyBenchmark.two",
              "SharedCopyBenchmark.one",
              0.6,
              0,
              0),
          peer("load", "WordBenchmark.load", "Load", 0.4, 0),
          peer(
              "compare-and-exchange",
              "WordBenchmark.compareAndExchange",
              "CompareAndExchange",
              0.4,
              0),
          // The String and its array.
          peer("string of 32 B", "WordBenchmark.string", "String", 0.4, 24 + 48),
          peer("8 x 512 B, copyOut", "SequenceBenchmark.copyOut", "Sequence/Out", 0.4, 0),
          peer(
              "8 x 512 B, copyOutFrom",
              "SequenceBenchmark.copyOutFrom",
              "Sequence/OutFrom",
              0.3,
              0),
          peer("8 x 512 B, copyInTo", "SequenceBenchmark.copyInTo", "Sequence/InTo", 0.3, 0),
          peer("first touch of a page", "FaultBenchmark.firstTouch", "FirstTouch", 0.4, ANY),
          peer(
              "copy-on-write break of a page",
              "FaultBenchmark.copyOnWriteBreak",
              "CopyOnWriteBreak",
              0.5,
              ANY),
          peer("mmap and munmap of a page", "MappingBenchmark.mapAndUnmap", "MapAndUnmap", 1, ANY),
          peer("mprotect flip", "MappingBenchmark.protectFlip", "ProtectFlip", 1, ANY),
          peer("mremap of 16 pages", "MappingBenchmark.remap", "Remap", 1, ANY),
          peer("fork, 10,000 pages in one area", "ForkBenchmark.fork 1", "Fork/1", 1, ANY),
          peer("fork, 10,000 areas", "ForkBenchmark.fork 10000", "Fork/10000", 0.3, ANY));

  private static Row peer(
      String measure, String ours, String theirs, double factor, long byteCount) {
    return new Row(measure, ours, PEER + theirs, factor, 0, byteCount);
  }

  private static Row plain(
      String measure, String ours, double factor, double more, long byteCount) {
    String parameter = ours.substring(ours.indexOf(' '));
    return new Row(measure, ours, "CopyBenchmark.plainCopy" + parameter, factor, more, byteCount);
  }

  private PeerComparison() {}

  /**
   * Runs and prints.
   *
   * @param args the peer's test program, and an expression that chooses among the measures
   */
  public static void main(String[] args) throws IOException, InterruptedException, RunnerException {
    Pattern chosen = Pattern.compile(args.length > 1 ? args[1] : "");
    List<Row> rows = ROWS.stream().filter(row -> chosen.matcher(row.measure).find()).toList();
    Map<String, Figure> figures = new HashMap<>();
    measurePeer(args[0], rows, figures);
    measureOurs(rows, figures);
    System.out.printf(
        "%n%-36s %12s %12s %8s %8s %8s %6s%n",
        "operation", "ours, ns", "other, ns", "ratio", "target", "B/op", "");
    rows.forEach(row -> print(row, figures));
  }

  private static void print(Row row, Map<String, Figure> figures) {
    Figure ours = figures.get(row.ours);
    Figure other = figures.get(row.reference);
    if (ours == null || other == null) {
      System.out.printf("%-36s not measured%n", row.measure);
      return;
    }
    double limit = row.factor * other.nanoseconds + row.more;
    boolean met =
        ours.nanoseconds <= limit && (row.byteCount == ANY || ours.byteCount < row.byteCount + 1);
    System.out.printf(
        Locale.ROOT,
        "%-36s %12.1f %12.1f %8.2f %8.2f %8.0f %6s%n",
        row.measure,
        ours.nanoseconds,
        other.nanoseconds,
        ours.nanoseconds / other.nanoseconds,
        limit / other.nanoseconds,
        ours.byteCount,
        met ? "" : "MISSED");
  }

  private static void measurePeer(String program, List<Row> rows, Map<String, Figure> figures)
      throws IOException, InterruptedException {
    String names =
        rows.stream()
            .map(Row::reference)
            .filter(name -> name.startsWith(PEER))
            .map(name -> name.substring(PEER.length()).split("/", 2)[0])
            .distinct()
            .collect(Collectors.joining("|"));
    if (names.isEmpty()) {
      return;
    }
    Process process =
        new ProcessBuilder(
                program,
                "-test.run=-",
                "-test.bench=^Benchmark(" + names + ")$",
                "-test.benchtime=" + MILLISECONDS + "ms",
                "-test.count=" + ROUNDS)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (@Nullable String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher matcher = PEER_LINE.matcher(line);
        if (matcher.matches()) {
          Figure figure = new Figure(Double.parseDouble(matcher.group(2)), Double.NaN);
          figures.merge(PEER + matcher.group(1), figure, PeerComparison::lower);
        }
      }
    }
    if (process.waitFor() != 0) {
      throw new IOException("the peer has failed: " + program);
    }
  }

  private static Figure lower(Figure a, Figure b) {
    return a.nanoseconds <= b.nanoseconds ? a : b;
  }

  private static void measureOurs(List<Row> rows, Map<String, Figure> figures)
      throws RunnerException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .forks(1)
            .warmupIterations(1)
            .warmupTime(TimeValue.milliseconds(WARM_UP_MILLISECONDS))
            .measurementIterations(ROUNDS)
            .measurementTime(TimeValue.milliseconds(MILLISECONDS))
            .timeUnit(TimeUnit.NANOSECONDS)
            .addProfiler(GCProfiler.class);
    rows.stream()
        .flatMap(row -> Stream.of(row.ours, row.reference))
        .filter(name -> !name.startsWith(PEER))
        .map(name -> name.split(" ", 2)[0])
        .distinct()
        .forEach(name -> options.include("\\." + Pattern.quote(name) + "$"));
    for (RunResult result : new Runner(options.build()).run()) {
      BenchmarkParams params = result.getParams();
      figures.put(name(params), figure(result, params.getThreads()));
    }
  }

  private static String name(BenchmarkParams params) {
    String name = params.getBenchmark();
    String simple = name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1);
    return Stream.concat(Stream.of(simple), params.getParamsKeys().stream().map(params::getParam))
        .collect(Collectors.joining(" "));
  }

  private static Figure figure(RunResult result, int threads) {
    double lowest =
        result.getBenchmarkResults().stream()
            .flatMap(benchmark -> benchmark.getIterationResults().stream())
            .mapToDouble(iteration -> iteration.getPrimaryResult().getScore())
            .min()
            .orElseThrow();
    Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
    return new Figure(lowest / threads, allocated == null ? Double.NaN : allocated.getScore());
  }
}
