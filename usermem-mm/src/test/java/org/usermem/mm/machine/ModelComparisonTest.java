package org.usermem.mm.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.lang.foreign.MemorySegment;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import org.usermem.errno.LinuxException;
import org.usermem.io.IOOpts;
import org.usermem.mm.Advice;
import org.usermem.mm.Memory;
import org.usermem.mm.MemoryManager;

/**
 * Several address spaces against a {@link Model}, after each operation: what it came to, and what
 * is in the pages that it was about, from time to time in all. A sequence that differs is shrunk
 * and printed as a test that replays it.
 */
class ModelComparisonTest {

  private static final int LOOKS_AT_ALL_EACH = 16;

  @Provide
  Arbitrary<List<Operation>> sequences() {
    return Operations.sequences(200);
  }

  @Property(tries = 60, seed = "1", shrinking = ShrinkingMode.BOUNDED)
  void programsSeeWhatTheModelSays(@ForAll("sequences") List<Operation> operations) {
    run(operations);
  }

  /** Sequences of 100 operations on average. */
  @Property(tries = 1200, seed = "1", shrinking = ShrinkingMode.BOUNDED)
  @Tag("slow")
  void programsSeeWhatTheModelSaysInHundredThousandOperations(
      @ForAll("sequences") List<Operation> operations) {
    run(operations);
  }

  @Property(tries = 50_000, shrinking = ShrinkingMode.BOUNDED)
  @Tag("soak")
  void programsSeeWhatTheModelSaysInFiveMillionOperations(
      @ForAll("sequences") List<Operation> operations) {
    run(operations);
  }

  private static void run(List<Operation> operations) {
    try (SentryMachine sentry = new SentryMachine()) {
      Model model = new Model();
      for (int i = 0; i < operations.size(); i++) {
        Operation operation = plain(operations.get(i));
        if (!isModelled(sentry, model, operation)) {
          continue;
        }
        try {
          Outcome actual = sentry.run(operation);
          assertEquals(model.run(operation, actual), actual);
          compare(sentry, model, operation, i % LOOKS_AT_ALL_EACH == 0);
        } catch (AssertionError e) {
          fail(
              "operation %d, %s: %s\n%s"
                  .formatted(
                      i,
                      operation,
                      e.getMessage(),
                      Operations.replay(operations.subList(0, i + 1))),
              e);
        }
      }
      sentry.check();
    }
  }

  /** Without what makes private pages of a file the program's own before it writes to them. */
  private static Operation plain(Operation operation) {
    return operation instanceof Operation.Map o
        ? new Operation.Map(
            o.space(),
            o.page(),
            o.pages(),
            o.access(),
            o.shared(),
            o.file(),
            o.filePage(),
            o.placement(),
            false,
            false)
        : operation;
  }

  private static boolean isModelled(SentryMachine sentry, Model model, Operation operation) {
    return switch (operation) {
      case Operation.Store o -> !model.copiesWhatItWrites(o.space(), o.offset(), o.byteCount());
      case Operation.CallRead o -> !model.copiesWhatItWrites(o.space(), o.offset(), o.byteCount());
      case Operation.Lock o -> false;
      case Operation.Advise o -> o.advice() != Advice.POPULATE_WRITE && o.advice() != Advice.REMOVE;
      // A refusal may come after something was unmapped.
      case Operation.Remap o ->
          o.oldPages() > 0 && sentry.areaEnd(o.space(), o.page()) >= o.page() + o.oldPages();
      default -> true;
    };
  }

  private static void compare(SentryMachine sentry, Model model, Operation operation, boolean all) {
    assertEquals(model.spaceCount(), sentry.spaceCount());
    for (int space = 0; space < model.spaceCount(); space++) {
      boolean touched = space == operation.space() % model.spaceCount();
      Span span = all ? Span.ALL : touched ? Span.of(operation) : Span.NONE;
      for (int page = span.first; page < span.end; page++) {
        compare(sentry.space(space), model, space, page);
      }
    }
  }

  /** Pages of a space that an operation is about. */
  private record Span(int first, int end) {

    static final Span NONE = new Span(0, 0);
    static final Span ALL = new Span(0, Model.PLACES);

    static Span of(Operation operation) {
      return switch (operation) {
        case Operation.Map o -> new Span(o.page(), o.page() + o.pages());
        case Operation.Unmap o -> new Span(o.page(), o.page() + o.pages());
        case Operation.Protect o -> new Span(o.page(), o.page() + o.pages());
        case Operation.Advise o -> new Span(o.page(), o.page() + o.pages());
        case Operation.Store o -> ofBytes(o.offset(), o.byteCount());
        case Operation.CallRead o -> ofBytes(o.offset(), o.byteCount());
        case Operation.Remap o -> ALL;
        case Operation.Truncate o -> ALL;
        case Operation.WriteFile o -> ALL;
        default -> NONE;
      };
    }

    private static Span ofBytes(int offset, int byteCount) {
      return new Span(
          (int) (offset / Memory.PAGE), (int) ((offset + byteCount - 1) / Memory.PAGE) + 1);
    }
  }

  private static void compare(MemoryManager mm, Model model, int space, int page) {
    long addr = Operation.REGION + page * Memory.PAGE;
    String where = "page " + page + " of space " + space;
    assertEquals(model.isMapped(space, page), mm.areaAt(addr).isPresent(), where);
    byte[] bytes = new byte[(int) Memory.PAGE];
    byte[] seen = bytes;
    try {
      mm.copyInFully(addr, MemorySegment.ofArray(bytes), IOOpts.IGNORE_PERMISSIONS);
    } catch (LinuxException e) {
      seen = null;
    }
    assertArrayEquals(model.contents(space, page), seen, where);
  }
}
