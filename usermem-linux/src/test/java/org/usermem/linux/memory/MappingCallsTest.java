package org.usermem.linux.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.usermem.linux.fixture.LinuxFixture.assertErrno;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usermem.errno.Errno;
import org.usermem.linux.fixture.Guest;
import org.usermem.linux.fixture.LinuxFixture;

@Timeout(60)
class MappingCallsTest {
  private static final int OPEN = 2;
  private static final int FSTAT = 5;
  private static final int MMAP = 9;
  private static final int FTRUNCATE = 77;
  private static final int UTIMENSAT = 280;

  private static final int O_RDWR_CREAT = 0102;
  private static final int READ = 1;
  private static final int MAP_PRIVATE = 2;
  private static final int MAP_SHARED_VALIDATE = 3;
  private static final int MAP_ANONYMOUS = 0x20;
  private static final int MAP_NORESERVE = 0x4000;
  private static final int MAP_HUGETLB = 0x40000;
  private static final int ACCESS_TIME = 72;
  private static final long PAGE = 4096;

  private final LinuxFixture fixture = new LinuxFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private static long file(Guest guest) {
    long at = guest.memory(PAGE);
    guest.put(at, "/file\0".getBytes(StandardCharsets.US_ASCII));
    long file = guest.call(OPEN, at, O_RDWR_CREAT, 0600);
    assertEquals(0, guest.call(FTRUNCATE, file, PAGE));
    return file;
  }

  private static long map(Guest guest, long byteCount, int flags, long file) {
    return guest.call(MMAP, 0, byteCount, READ, flags, file, 0);
  }

  @Test
  void flagsThatAreNotKnownFailWhereTheyAreValidated() {
    fixture.run(
        guest -> {
          long file = file(guest);
          assertErrno(Errno.EOPNOTSUPP, map(guest, PAGE, MAP_SHARED_VALIDATE | 0x400, file));
          assertTrue(map(guest, PAGE, MAP_SHARED_VALIDATE | MAP_NORESERVE, file) > 0);
          assertTrue(map(guest, PAGE, MAP_PRIVATE | 0x400, file) > 0);
        });
  }

  @Test
  void whatFitsNoAddressSpaceHasNoMemory() {
    fixture.run(
        guest -> {
          assertErrno(Errno.ENOMEM, map(guest, -PAGE, MAP_PRIVATE, file(guest)));
          int huge = MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB;
          assertErrno(Errno.ENOMEM, map(guest, 1 << 21, huge | 21 << 26, -1));
          assertErrno(Errno.EINVAL, map(guest, 1 << 21, huge | 22 << 26, -1));
        });
  }

  @Test
  void mappingAFileIsAnAccess() {
    fixture.run(
        guest -> {
          long file = file(guest);
          long at = guest.memory(PAGE) + 256;
          guest.putLong(at, 1);
          guest.putLong(at + 8, 0);
          guest.putLong(at + 16, 2);
          guest.putLong(at + 24, 0);
          assertEquals(0, guest.call(UTIMENSAT, file, 0, at, 0));
          assertTrue(map(guest, PAGE, MAP_PRIVATE, file) > 0);
          assertEquals(0, guest.call(FSTAT, file, at));
          assertTrue(guest.getLong(at + ACCESS_TIME) > 1);
        });
  }
}
