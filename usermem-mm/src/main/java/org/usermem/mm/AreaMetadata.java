package org.usermem.mm;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.usermem.addr.Addr;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.mm.epoch.Retired;
import org.usermem.mm.numa.NumaPolicy;
import org.usermem.mm.vma.Vma;

/** What is kept with areas and has no effect: names and memory policies. */
final class AreaMetadata {

  /** Bytes of a name with the zero byte: Linux's ANON_VMA_NAME_MAX_LEN. */
  private static final int MOST_NAME_BYTES = 80;

  private AreaMetadata() {}

  /** prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME). */
  static void setName(Space space, long addr, long byteCount, @Nullable String name) {
    if (name != null) {
      requireName(name);
    }
    long length = Addr.pageRoundUp(byteCount);
    if (!Addr.isPageAligned(addr)
        || (byteCount != 0 && length == 0)
        || Addr.addOverflows(addr, length)) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (length == 0) {
      return;
    }
    long end = Addr.min(addr + length, space.layout.maxAddress());
    boolean whole = false;
    space.locks.lockMappingsForWriting();
    try {
      whole =
          Addr.lessThan(addr, end)
              && AreaChange.apply(
                  space,
                  addr,
                  end,
                  true,
                  attributes -> {
                    if (!attributes.isAnonymous() && !SharedPages.isAnonymous(attributes)) {
                      throw LinuxException.of(Errno.EBADF);
                    }
                    return attributes.withName(name);
                  });
    } finally {
      space.unlockMappings(new Retired());
    }
    if (!whole || end != addr + length) {
      throw LinuxException.of(Errno.ENOMEM);
    }
  }

  /** Linux: {@code is_valid_name_char}. */
  private static void requireName(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
    if (bytes.length >= MOST_NAME_BYTES) {
      throw LinuxException.of(Errno.EINVAL);
    }
    for (byte b : bytes) {
      if (b <= 0x1f || b == 0x7f || "\\`$[]".indexOf(b) >= 0) {
        throw LinuxException.of(Errno.EINVAL);
      }
    }
  }

  /** mbind(2) after its arguments were decoded. */
  static void setNumaPolicy(Space space, long addr, long byteCount, NumaPolicy policy) {
    long length = Addr.pageRoundUp(byteCount);
    if (!Addr.isPageAligned(addr) || Addr.addOverflows(addr, length)) {
      throw LinuxException.of(Errno.EINVAL);
    }
    if (length == 0) {
      return;
    }
    long end = Addr.min(addr + length, space.layout.maxAddress());
    boolean whole = false;
    space.locks.lockMappingsForWriting();
    try {
      whole =
          Addr.lessThan(addr, end)
              && AreaChange.apply(
                  space, addr, end, false, attributes -> attributes.withNumaPolicy(policy));
    } finally {
      space.unlockMappings(new Retired());
    }
    if (!whole || end != addr + length) {
      throw LinuxException.of(Errno.EFAULT);
    }
  }

  /** get_mempolicy(2) with MPOL_F_ADDR. */
  static NumaPolicy numaPolicyAt(Space space, long addr) {
    space.locks.lockMappingsForReading();
    try {
      Vma vma = space.vmas.tree().find(addr);
      if (vma == null) {
        throw LinuxException.of(Errno.EFAULT);
      }
      return vma.attributes().numaPolicy();
    } finally {
      space.locks.unlockMappingsForReading();
    }
  }
}
