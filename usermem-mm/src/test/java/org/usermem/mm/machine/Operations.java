package org.usermem.mm.machine;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;
import org.usermem.addr.AccessType;
import org.usermem.memmap.LockMode;
import org.usermem.memmap.Placement;
import org.usermem.mm.Advice;

/** Random operations, and sequences of them as source code. */
final class Operations {

  /** Without those that memory managers may differ in: FREE, and what is only a hint. */
  private static final List<Advice> ADVICE =
      List.of(
          Advice.NORMAL,
          Advice.RANDOM,
          Advice.SEQUENTIAL,
          Advice.WILLNEED,
          Advice.DONTNEED,
          Advice.DONTNEED,
          Advice.DONTNEED,
          Advice.REMOVE,
          Advice.DONTFORK,
          Advice.DOFORK,
          Advice.DONTDUMP,
          Advice.DODUMP,
          Advice.WIPEONFORK,
          Advice.KEEPONFORK,
          Advice.POPULATE_READ,
          Advice.POPULATE_WRITE,
          Advice.DONTNEED_LOCKED);

  private Operations() {}

  static Arbitrary<List<Operation>> sequences(int length) {
    return any()
        .list()
        .ofMinSize(1)
        .ofMaxSize(length)
        .withSizeDistribution(RandomDistribution.uniform());
  }

  static Arbitrary<Operation> any() {
    return Arbitraries.frequencyOf(
        Tuple.of(14, map()),
        Tuple.of(7, of2(Operation.Unmap::new)),
        Tuple.of(9, protect()),
        Tuple.of(8, remap()),
        Tuple.of(8, advise()),
        Tuple.of(2, sync()),
        Tuple.of(3, lock()),
        Tuple.of(16, store()),
        Tuple.of(8, load()),
        Tuple.of(6, callRead()),
        Tuple.of(5, callWrite()),
        Tuple.of(3, spaces().map(Operation.Fork::new)),
        Tuple.of(2, spaces().map(Operation.Exit::new)),
        Tuple.of(2, truncate()),
        Tuple.of(4, writeFile()),
        Tuple.of(2, readFile()),
        Tuple.of(2, breaks()));
  }

  private static Arbitrary<Integer> spaces() {
    return Arbitraries.integers().between(0, Machine.MOST_SPACES - 1);
  }

  private static Arbitrary<Integer> pages() {
    return Arbitraries.integers().between(0, Operation.PAGES - 1);
  }

  private static Arbitrary<Integer> counts() {
    return Arbitraries.frequencyOf(
        Tuple.of(10, Arbitraries.integers().between(1, 4)),
        Tuple.of(6, Arbitraries.integers().between(1, 24)),
        Tuple.of(1, Arbitraries.just(0)));
  }

  private static Arbitrary<Integer> files() {
    return Arbitraries.integers().between(0, Operation.FILES - 1);
  }

  private static Arbitrary<Integer> seeds() {
    return Arbitraries.integers().between(1, 250);
  }

  private static Arbitrary<Boolean> rarely() {
    return Arbitraries.frequency(Tuple.of(9, false), Tuple.of(1, true));
  }

  private static Arbitrary<Boolean> often() {
    return Arbitraries.frequency(Tuple.of(2, false), Tuple.of(1, true));
  }

  private static Arbitrary<AccessType> accesses() {
    return Arbitraries.frequency(
        Tuple.of(8, AccessType.READ_WRITE),
        Tuple.of(4, AccessType.READ),
        Tuple.of(2, AccessType.NONE),
        Tuple.of(1, AccessType.READ_EXECUTE),
        Tuple.of(1, AccessType.ANY));
  }

  private static Arbitrary<Operation> map() {
    Arbitrary<Integer> sources =
        Arbitraries.frequency(Tuple.of(4, -1), Tuple.of(1, 0), Tuple.of(1, 1));
    Arbitrary<Placement> placements =
        Arbitraries.frequency(
            Tuple.of(6, Placement.FIXED_REPLACE),
            Tuple.of(2, Placement.FIXED_NO_REPLACE),
            Tuple.of(2, Placement.ANYWHERE));
    return Combinators.combine(
            Combinators.combine(spaces(), pages(), counts(), accesses()).as(Tuple::of),
            Combinators.combine(
                    often(), sources, Arbitraries.integers().between(0, Operation.FILE_PAGES))
                .as(Tuple::of),
            Combinators.combine(placements, rarely(), rarely()).as(Tuple::of))
        .as(
            (where, what, how) ->
                new Operation.Map(
                    where.get1(),
                    where.get2(),
                    where.get3(),
                    where.get4(),
                    what.get1(),
                    what.get2(),
                    what.get3(),
                    how.get1(),
                    how.get2(),
                    how.get3()));
  }

  /** Makes an operation on a range. */
  @FunctionalInterface
  private interface OnRange {
    Operation make(int space, int page, int pages);
  }

  private static Arbitrary<Operation> of2(OnRange make) {
    return Combinators.combine(spaces(), pages(), counts()).as(make::make);
  }

  private static Arbitrary<Operation> protect() {
    return Combinators.combine(spaces(), pages(), counts(), accesses()).as(Operation.Protect::new);
  }

  private static Arbitrary<Operation> remap() {
    return Combinators.combine(
            spaces(),
            pages(),
            counts(),
            counts(),
            Arbitraries.of(Operation.Move.class),
            pages(),
            often())
        .as(
            (space, page, oldPages, newPages, move, target, same) ->
                new Operation.Remap(
                    space, page, oldPages, same ? oldPages : newPages, move, target));
  }

  private static Arbitrary<Operation> advise() {
    return Combinators.combine(spaces(), pages(), counts(), Arbitraries.of(ADVICE))
        .as(Operation.Advise::new);
  }

  private static Arbitrary<Operation> sync() {
    return Combinators.combine(spaces(), pages(), counts(), often()).as(Operation.Sync::new);
  }

  private static Arbitrary<Operation> lock() {
    return Combinators.combine(spaces(), pages(), counts(), Arbitraries.of(LockMode.class))
        .as(Operation.Lock::new);
  }

  private static Arbitrary<Integer> offsets() {
    return Combinators.combine(
            pages(),
            Arbitraries.frequencyOf(
                Tuple.of(2, Arbitraries.of(0, 1, 8, 4095)),
                Tuple.of(1, Arbitraries.integers().between(0, 4095))))
        .as((page, offset) -> page * 4096 + offset);
  }

  private static Arbitrary<Integer> lengths() {
    return Arbitraries.frequencyOf(
        Tuple.of(4, Arbitraries.integers().between(1, 64)),
        Tuple.of(3, Arbitraries.integers().between(1, 3 * 4096)));
  }

  private static Arbitrary<Operation> store() {
    return Combinators.combine(spaces(), offsets(), lengths(), seeds()).as(Operation.Store::new);
  }

  private static Arbitrary<Operation> load() {
    return Combinators.combine(spaces(), offsets(), lengths()).as(Operation.Load::new);
  }

  private static Arbitrary<Operation> callRead() {
    return Combinators.combine(spaces(), offsets(), lengths(), seeds()).as(Operation.CallRead::new);
  }

  private static Arbitrary<Operation> callWrite() {
    return Combinators.combine(spaces(), offsets(), lengths()).as(Operation.CallWrite::new);
  }

  private static Arbitrary<Operation> truncate() {
    return Combinators.combine(
            spaces(), files(), Arbitraries.integers().between(0, Operation.FILE_PAGES))
        .as(Operation.Truncate::new);
  }

  private static Arbitrary<Integer> fileOffsets() {
    return Arbitraries.integers().between(0, (Operation.FILE_PAGES - 4) * 4096);
  }

  private static Arbitrary<Operation> writeFile() {
    return Combinators.combine(spaces(), files(), fileOffsets(), lengths(), seeds())
        .as(Operation.WriteFile::new);
  }

  private static Arbitrary<Operation> readFile() {
    return Combinators.combine(spaces(), files(), fileOffsets(), lengths())
        .as(Operation.ReadFile::new);
  }

  private static Arbitrary<Operation> breaks() {
    return Combinators.combine(spaces(), Arbitraries.integers().between(0, 20 * 4096))
        .as(Operation.Break::new);
  }

  /** A sequence as a test that replays it. */
  static String replay(List<Operation> operations) {
    StringBuilder text = new StringBuilder("  @Test\n  void replay() {\n    run(List.of(");
    for (int i = 0; i < operations.size(); i++) {
      text.append(i == 0 ? "\n        " : ",\n        ").append(operations.get(i).code());
    }
    return text.append("));\n  }\n").toString();
  }
}
