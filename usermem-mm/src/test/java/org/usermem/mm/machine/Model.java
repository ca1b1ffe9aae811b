package org.usermem.mm.machine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.usermem.addr.AccessType;
import org.usermem.mm.Advice;
import org.usermem.mm.Memory;

/**
 * What operations do to what programs see, told in the simplest way: for each space an array of
 * pages, each with its bytes or with the page of a file that it shows. What is refused it learns
 * from the outcome; counts and contents it knows.
 */
final class Model {

  /** Pages of the region that operations can reach. */
  static final int PLACES = 160;

  private static final int PAGE = (int) Memory.PAGE;

  private final List<@Nullable Place[]> spaces = new ArrayList<>();
  private final List<Source> files = new ArrayList<>();

  /** A file, or shared anonymous memory. */
  private static final class Source {
    private final TreeMap<Integer, byte[]> pages = new TreeMap<>();
    private long byteCount;

    Source(long byteCount) {
      this.byteCount = byteCount;
    }

    byte @Nullable [] page(int page) {
      return page * Memory.PAGE < byteCount
          ? pages.computeIfAbsent(page, number -> new byte[PAGE])
          : null;
    }

    void truncate(long newByteCount) {
      byteCount = newByteCount;
      pages.tailMap((int) (newByteCount / PAGE)).clear();
    }
  }

  /**
   * One page of a space.
   *
   * @param source what it shows where it has no bytes of its own; null for private memory
   * @param bytes its own bytes, which only private pages have
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares places.
  private record Place(
      AccessType access,
      boolean shared,
      @Nullable Source source,
      int sourcePage,
      byte @Nullable [] bytes,
      boolean leftOut,
      boolean wiped) {

    static Place of(AccessType access, boolean shared, @Nullable Source source, int sourcePage) {
      byte[] bytes = source == null ? new byte[PAGE] : null;
      return new Place(access, shared, source, sourcePage, bytes, false, false);
    }

    /** What can be read there, or null past the end of a file. */
    byte @Nullable [] contents() {
      return bytes != null || source == null ? bytes : source.page(sourcePage);
    }

    Place withAccess(AccessType newAccess) {
      return new Place(newAccess, shared, source, sourcePage, bytes, leftOut, wiped);
    }

    Place withFork(boolean newLeftOut, boolean newWiped) {
      return new Place(access, shared, source, sourcePage, bytes, newLeftOut, newWiped);
    }

    Place withBytes(byte @Nullable [] newBytes) {
      return new Place(access, shared, source, sourcePage, newBytes, leftOut, wiped);
    }

    /** As it is when nobody has written to it. */
    Place fresh() {
      return shared ? this : withBytes(source == null ? new byte[PAGE] : null);
    }

    /** As the page that follows it by some pages when its mapping grows. */
    Place following(int pages) {
      return new Place(access, shared, source, sourcePage + pages, null, leftOut, wiped).fresh();
    }

    @Nullable Place forked() {
      if (leftOut) {
        return null;
      }
      return wiped ? fresh() : withBytes(bytes == null ? null : bytes.clone());
    }
  }

  Model() {
    for (int i = 0; i < Operation.FILES; i++) {
      files.add(new Source(Operation.FILE_PAGES * Memory.PAGE));
    }
    spaces.add(new Place[PLACES]);
  }

  int spaceCount() {
    return spaces.size();
  }

  /** What somebody who ignores permissions reads at a place; null for a fault. */
  byte @Nullable [] contents(int space, int page) {
    @Nullable Place place = spaces.get(space)[page];
    return place == null ? null : place.contents();
  }

  boolean isMapped(int space, int page) {
    return spaces.get(space)[page] != null;
  }

  /**
   * Whether a write changes a page of a file which it also makes a private copy of. Then it depends
   * on what is resident which of the two comes first, and no program is promised either.
   */
  boolean copiesWhatItWrites(int space, int offset, int byteCount) {
    @Nullable Place[] places = spaces.get(space % spaces.size());
    for (int i = offset / PAGE; i <= (offset + byteCount - 1) / PAGE; i++) {
      for (int j = offset / PAGE; j <= (offset + byteCount - 1) / PAGE; j++) {
        @Nullable Place written = places[i];
        @Nullable Place copied = places[j];
        if (written != null
            && copied != null
            && written.shared
            && !copied.shared
            && copied.bytes == null
            && written.source == copied.source
            && written.sourcePage == copied.sourcePage) {
          return true;
        }
      }
    }
    return false;
  }

  /** Does what an operation did that came out so; returns what should have come out. */
  Outcome run(Operation operation, Outcome actual) {
    @Nullable Place[] places = spaces.get(operation.space() % spaces.size());
    switch (operation) {
      case Operation.Map o -> map(places, o, actual);
      case Operation.Unmap o -> {
        if (!actual.isError()) {
          Arrays.fill(places, o.page(), o.page() + o.pages(), null);
        }
      }
      case Operation.Protect o -> protect(places, o);
      case Operation.Remap o -> remap(places, o, actual);
      case Operation.Advise o -> advise(places, o);
      case Operation.Fork o -> fork(places);
      case Operation.Exit o -> {
        if (spaces.size() > 1) {
          spaces.remove(places);
        }
      }
      case Operation.Store o -> {
        return new Outcome(
            write(places, o.offset(), o.byteCount(), o.seed()), "", actual.fault(), actual.bytes());
      }
      case Operation.CallRead o -> {
        return moved(write(places, o.offset(), o.byteCount(), o.seed()), new byte[0]);
      }
      case Operation.Load o -> {
        byte[] bytes = read(places, o.offset(), o.byteCount());
        return new Outcome(bytes.length, "", actual.fault(), bytes);
      }
      case Operation.CallWrite o -> {
        byte[] bytes = read(places, o.offset(), o.byteCount());
        return moved(bytes.length, bytes);
      }
      case Operation.Truncate o -> truncate(files.get(o.file()), o.pages() * Memory.PAGE);
      case Operation.WriteFile o -> writeFile(o);
      case Operation.ReadFile o -> {
        byte[] bytes = readFile(files.get(o.file()), o.offset(), o.byteCount());
        return new Outcome(bytes.length, "", "", bytes);
      }
      case Operation.Sync o -> {}
      case Operation.Lock o -> {}
      case Operation.Break o -> {}
    }
    return actual;
  }

  private static Outcome moved(long byteCount, byte[] bytes) {
    return byteCount == 0 ? Outcome.error("EFAULT") : new Outcome(byteCount, "", "", bytes);
  }

  private void map(@Nullable Place[] places, Operation.Map o, Outcome actual) {
    if (actual.isError() || actual.value() == Outcome.ELSEWHERE) {
      return;
    }
    @Nullable Source source = null;
    int first = 0;
    if (o.file() >= 0) {
      source = files.get(o.file());
      first = o.filePage();
    } else if (o.shared()) {
      source = new Source(o.pages() * Memory.PAGE);
    }
    for (int i = 0; i < o.pages(); i++) {
      places[(int) actual.value() + i] = Place.of(o.access(), o.shared(), source, first + i);
    }
  }

  /** What lies before a gap is changed all the same. */
  private static void protect(@Nullable Place[] places, Operation.Protect o) {
    for (int i = o.page(); i < o.page() + o.pages(); i++) {
      @Nullable Place place = places[i];
      if (place == null) {
        return;
      }
      places[i] = place.withAccess(o.access());
    }
  }

  private static void remap(@Nullable Place[] places, Operation.Remap o, Outcome actual) {
    @Nullable Place head = places[o.page()];
    if (actual.isError() || head == null) {
      return;
    }
    @Nullable Place[] moved = new Place[o.newPages()];
    for (int i = 0; i < o.newPages(); i++) {
      moved[i] = i < o.oldPages() ? places[o.page() + i] : head.following(i);
    }
    boolean elsewhere = actual.value() == Outcome.ELSEWHERE;
    int to = elsewhere ? o.target() : (int) actual.value();
    boolean keep =
        o.move() == Operation.Move.DONT_UNMAP || o.move() == Operation.Move.DONT_UNMAP_FIXED;
    for (int i = o.page(); i < o.page() + o.oldPages(); i++) {
      @Nullable Place place = places[i];
      places[i] = keep && place != null ? place.fresh() : null;
    }
    System.arraycopy(moved, 0, places, to, moved.length);
  }

  /** A gap is passed over; what can't be wiped ends it. */
  private static void advise(@Nullable Place[] places, Operation.Advise o) {
    for (int i = o.page(); i < o.page() + o.pages(); i++) {
      @Nullable Place place = places[i];
      if (place == null) {
        continue;
      }
      if (o.advice() == Advice.WIPEONFORK && place.source != null) {
        return;
      }
      places[i] =
          switch (o.advice()) {
            case DONTNEED, DONTNEED_LOCKED -> place.fresh();
            case DONTFORK -> place.withFork(true, place.wiped);
            case DOFORK -> place.withFork(false, place.wiped);
            case WIPEONFORK -> place.withFork(place.leftOut, true);
            case KEEPONFORK -> place.withFork(place.leftOut, false);
            default -> place;
          };
    }
  }

  private void fork(@Nullable Place[] places) {
    if (spaces.size() < Machine.MOST_SPACES) {
      @Nullable Place[] child = new Place[PLACES];
      for (int i = 0; i < PLACES; i++) {
        @Nullable Place place = places[i];
        child[i] = place == null ? null : place.forked();
      }
      spaces.add(child);
    }
  }

  private static int write(@Nullable Place[] places, int offset, int byteCount, int seed) {
    byte[] pattern = Memory.pattern(byteCount, seed);
    int done = 0;
    while (done < byteCount) {
      int page = (offset + done) / PAGE;
      @Nullable Place place = places[page];
      byte[] contents = place == null ? null : place.contents();
      if (place == null || contents == null || !place.access.canWrite()) {
        break;
      }
      if (!place.shared && place.bytes == null) {
        contents = contents.clone();
        places[page] = place.withBytes(contents);
      }
      int start = (offset + done) % PAGE;
      int count = Math.min(byteCount - done, PAGE - start);
      System.arraycopy(pattern, done, contents, start, count);
      done += count;
    }
    return done;
  }

  private static byte[] read(@Nullable Place[] places, int offset, int byteCount) {
    byte[] bytes = new byte[byteCount];
    int done = 0;
    while (done < byteCount) {
      @Nullable Place place = places[(offset + done) / PAGE];
      byte[] contents = place == null ? null : place.contents();
      if (place == null || contents == null || !place.access.effective().canRead()) {
        break;
      }
      int start = (offset + done) % PAGE;
      int count = Math.min(byteCount - done, PAGE - start);
      System.arraycopy(contents, start, bytes, done, count);
      done += count;
    }
    return Arrays.copyOf(bytes, done);
  }

  /** A page past the end is gone, even one that a program had made its own. */
  private void truncate(Source file, long byteCount) {
    file.truncate(byteCount);
    for (@Nullable Place[] places : spaces) {
      for (int i = 0; i < PLACES; i++) {
        @Nullable Place place = places[i];
        if (place != null && place.source == file && place.sourcePage * Memory.PAGE >= byteCount) {
          places[i] = place.fresh();
        }
      }
    }
  }

  private void writeFile(Operation.WriteFile o) {
    Source file = files.get(o.file());
    byte[] pattern = Memory.pattern(o.byteCount(), o.seed());
    file.byteCount = Math.max(file.byteCount, o.offset() + o.byteCount());
    for (int i = 0; i < pattern.length; i++) {
      int at = o.offset() + i;
      byte[] page = file.page(at / PAGE);
      if (page != null) {
        page[at % PAGE] = pattern[i];
      }
    }
  }

  private static byte[] readFile(Source file, int offset, int byteCount) {
    byte[] bytes = new byte[Math.clamp(file.byteCount - offset, 0, byteCount)];
    for (int i = 0; i < bytes.length; i++) {
      int at = offset + i;
      byte[] page = file.page(at / PAGE);
      bytes[i] = page == null ? 0 : page[at % PAGE];
    }
    return bytes;
  }
}
