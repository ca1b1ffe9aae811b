package org.usermem.fs.overlay;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.usermem.fs.DirectoryVisitor;
import org.usermem.fs.NameHash;
import org.usermem.fs.attribute.FileType;

/**
 * The entries of several layers, in the order of {@link NameHash}; what comes first hides the rest.
 */
final class MergedListing {

  private record Entry(String name, FileType type, long number, long offset) {}

  private final Set<String> seen = new HashSet<>();
  private final List<Entry> entries = new ArrayList<>();

  /** Adds an entry unless there is one of that name, or it is hidden. */
  void add(String name, FileType type, long number) {
    if (seen.add(name)) {
      entries.add(new Entry(name, type, number, NameHash.of(name)));
    }
  }

  /** Hides a name of the layers that come later. */
  void hide(String name) {
    seen.add(name);
  }

  /** Shows the entries after an offset. */
  void show(long offset, DirectoryVisitor visitor) {
    entries.sort(Comparator.comparingLong(Entry::offset));
    for (Entry entry : entries) {
      if (entry.offset() > offset
          && !visitor.visit(entry.name(), entry.type(), entry.number(), entry.offset())) {
        return;
      }
    }
  }
}
