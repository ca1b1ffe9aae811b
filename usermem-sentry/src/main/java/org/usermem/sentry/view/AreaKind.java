package org.usermem.sentry.view;

import java.util.Locale;
import org.usermem.mm.view.VmaView;

/** What an area is for, as the map shows it. */
enum AreaKind {
  CODE,
  DATA,
  FILE,
  HEAP,
  STACK,
  ANONYMOUS,
  SHARED,
  GUARD;

  static AreaKind of(VmaView area) {
    if (!area.access().canRead() && !area.access().canWrite() && !area.access().canExecute()) {
      return GUARD;
    }
    if (area.access().canExecute()) {
      return CODE;
    }
    if (area.isShared()) {
      return SHARED;
    }
    if (area.name().equals("[heap]")) {
      return HEAP;
    }
    if (area.name().startsWith("[stack")) {
      return STACK;
    }
    if (area.inodeId() != 0) {
      return area.access().canWrite() ? DATA : FILE;
    }
    return ANONYMOUS;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
