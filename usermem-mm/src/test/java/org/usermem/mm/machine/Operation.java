package org.usermem.mm.machine;

import org.usermem.addr.AccessType;
import org.usermem.memmap.LockMode;
import org.usermem.memmap.Placement;
import org.usermem.mm.Advice;

/**
 * A memory call. Pages count from the start of the region, spaces are taken modulo how many there
 * are, so any part of a sequence of operations is a sequence of operations.
 */
sealed interface Operation {

  /** First address of the region, where neither machine maps anything by itself. */
  long REGION = 0x1000000000L;

  /** Pages of the region that operations start in. */
  int PAGES = 80;

  /** Files that can be mapped, and how many pages they start with. */
  int FILES = 2;

  int FILE_PAGES = 24;

  int space();

  /** This operation as Java source, to replay it. */
  String code();

  record Map(
      int space,
      int page,
      int pages,
      AccessType access,
      boolean shared,
      int file,
      int filePage,
      Placement placement,
      boolean populate,
      boolean locked)
      implements Operation {
    @Override
    public String code() {
      return "new Operation.Map(%d, %d, %d, AccessType.%s, %b, %d, %d, Placement.%s, %b, %b)"
          .formatted(
              space,
              page,
              pages,
              access.name(),
              shared,
              file,
              filePage,
              placement.name(),
              populate,
              locked);
    }
  }

  record Unmap(int space, int page, int pages) implements Operation {
    @Override
    public String code() {
      return "new Operation.Unmap(%d, %d, %d)".formatted(space, page, pages);
    }
  }

  record Protect(int space, int page, int pages, AccessType access) implements Operation {
    @Override
    public String code() {
      return "new Operation.Protect(%d, %d, %d, AccessType.%s)"
          .formatted(space, page, pages, access.name());
    }
  }

  /** Kinds of mremap. */
  enum Move {
    IN_PLACE,
    MAY_MOVE,
    FIXED,
    DONT_UNMAP,
    DONT_UNMAP_FIXED
  }

  /** Target is where to, and where to bring what the machine has put elsewhere. */
  record Remap(int space, int page, int oldPages, int newPages, Move move, int target)
      implements Operation {
    @Override
    public String code() {
      return "new Operation.Remap(%d, %d, %d, %d, Operation.Move.%s, %d)"
          .formatted(space, page, oldPages, newPages, move.name(), target);
    }
  }

  record Advise(int space, int page, int pages, Advice advice) implements Operation {
    @Override
    public String code() {
      return "new Operation.Advise(%d, %d, %d, Advice.%s)"
          .formatted(space, page, pages, advice.name());
    }
  }

  record Sync(int space, int page, int pages, boolean invalidate) implements Operation {
    @Override
    public String code() {
      return "new Operation.Sync(%d, %d, %d, %b)".formatted(space, page, pages, invalidate);
    }
  }

  record Lock(int space, int page, int pages, LockMode mode) implements Operation {
    @Override
    public String code() {
      return "new Operation.Lock(%d, %d, %d, LockMode.%s)"
          .formatted(space, page, pages, mode.name());
    }
  }

  /** A store by the program itself. */
  record Store(int space, int offset, int byteCount, int seed) implements Operation {
    @Override
    public String code() {
      return "new Operation.Store(%d, %d, %d, %d)".formatted(space, offset, byteCount, seed);
    }
  }

  /** A load by the program itself. */
  record Load(int space, int offset, int byteCount) implements Operation {
    @Override
    public String code() {
      return "new Operation.Load(%d, %d, %d)".formatted(space, offset, byteCount);
    }
  }

  /** read(2) into memory: the kernel stores. */
  record CallRead(int space, int offset, int byteCount, int seed) implements Operation {
    @Override
    public String code() {
      return "new Operation.CallRead(%d, %d, %d, %d)".formatted(space, offset, byteCount, seed);
    }
  }

  /** write(2) from memory: the kernel loads. */
  record CallWrite(int space, int offset, int byteCount) implements Operation {
    @Override
    public String code() {
      return "new Operation.CallWrite(%d, %d, %d)".formatted(space, offset, byteCount);
    }
  }

  record Fork(int space) implements Operation {
    @Override
    public String code() {
      return "new Operation.Fork(%d)".formatted(space);
    }
  }

  record Exit(int space) implements Operation {
    @Override
    public String code() {
      return "new Operation.Exit(%d)".formatted(space);
    }
  }

  record Truncate(int space, int file, int pages) implements Operation {
    @Override
    public String code() {
      return "new Operation.Truncate(%d, %d, %d)".formatted(space, file, pages);
    }
  }

  record WriteFile(int space, int file, int offset, int byteCount, int seed) implements Operation {
    @Override
    public String code() {
      return "new Operation.WriteFile(%d, %d, %d, %d, %d)"
          .formatted(space, file, offset, byteCount, seed);
    }
  }

  record ReadFile(int space, int file, int offset, int byteCount) implements Operation {
    @Override
    public String code() {
      return "new Operation.ReadFile(%d, %d, %d, %d)".formatted(space, file, offset, byteCount);
    }
  }

  /** brk(2) to an offset from where the heap starts. */
  record Break(int space, int offset) implements Operation {
    @Override
    public String code() {
      return "new Operation.Break(%d, %d)".formatted(space, offset);
    }
  }
}
