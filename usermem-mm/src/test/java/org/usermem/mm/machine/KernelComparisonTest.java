package org.usermem.mm.machine;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * The memory manager against the kernel that the tests run on, call by call: results, errnos,
 * faults and contents. A sequence that differs is shrunk and printed as a test that replays it.
 */
class KernelComparisonTest {

  private static @Nullable Path directory;
  private static @Nullable Path driver;

  @BeforeContainer
  static void compile() throws IOException {
    Path made = Files.createTempDirectory("usermem-driver");
    directory = made;
    driver = KernelMachine.compile(made);
  }

  @AfterContainer
  static void delete() throws IOException {
    Path made = directory;
    if (made != null) {
      Files.deleteIfExists(made.resolve("driver"));
      Files.deleteIfExists(made.resolve("driver.c"));
      Files.delete(made);
    }
  }

  @Provide
  Arbitrary<List<Operation>> sequences() {
    return Operations.sequences(120);
  }

  @Provide
  Arbitrary<List<Operation>> longSequences() {
    return Operations.sequences(400);
  }

  @Property(tries = 40, seed = "1", shrinking = ShrinkingMode.BOUNDED)
  void doesWhatTheKernelDoes(@ForAll("sequences") List<Operation> operations) {
    run(operations);
  }

  /** Sequences of 200 operations on average. */
  @Property(tries = 600, seed = "1", shrinking = ShrinkingMode.BOUNDED)
  @Tag("slow")
  void doesWhatTheKernelDoesInHundredThousandOperations(
      @ForAll("longSequences") List<Operation> operations) {
    run(operations);
  }

  @Property(tries = 25_000, shrinking = ShrinkingMode.BOUNDED)
  @Tag("soak")
  void doesWhatTheKernelDoesInFiveMillionOperations(
      @ForAll("longSequences") List<Operation> operations) {
    run(operations);
  }

  static void run(List<Operation> operations) {
    Path compiled = driver;
    Assumptions.assumeTrue(compiled != null, "gcc is not there to compile the driver with");
    try (SentryMachine sentry = new SentryMachine();
        KernelMachine kernel = KernelMachine.start(compiled)) {
      for (int i = 0; i < operations.size(); i++) {
        Operation operation = operations.get(i);
        if (isUndecided(sentry, kernel, operation)) {
          continue;
        }
        Outcome expected = kernel.run(operation);
        Outcome actual = sentry.run(operation);
        if (!expected.equals(actual)) {
          fail(
              "operation %d, %s:\n  kernel  %s\n  usermem %s\n%s"
                  .formatted(
                      i,
                      operation,
                      expected,
                      actual,
                      Operations.replay(operations.subList(0, i + 1))));
        }
      }
      sentry.check();
    }
  }

  /**
   * Whether the kernel has two areas where one would do: it does not join private memory that was
   * faulted in apart. mremap tells them apart, nothing else does. Nor are kernels before 6.17 asked
   * to move several areas at a time.
   */
  private static boolean isUndecided(
      SentryMachine sentry, KernelMachine kernel, Operation operation) {
    if (!(operation instanceof Operation.Remap o) || o.oldPages() == 0) {
      return false;
    }
    long end = sentry.areaEnd(o.space(), o.page());
    return end != kernel.areaEnd(o.space(), o.page())
        || sentry.areaStart(o.space(), o.page()) != kernel.areaStart(o.space(), o.page())
        || (end < o.page() + o.oldPages() && !KernelMachine.movesSeveralAreas());
  }
}
