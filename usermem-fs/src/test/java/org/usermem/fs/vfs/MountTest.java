package org.usermem.fs.vfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.usermem.fs.fixture.Sandbox.assertErrno;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.usermem.errno.Errno;
import org.usermem.fs.Location;
import org.usermem.fs.fixture.Sandbox;
import org.usermem.fs.tmpfs.TmpfsFileSystem;
import org.usermem.fs.tmpfs.TmpfsOptions;

/** Trees of mounts, as guests may grow them. */
class MountTest {

  private static final int LIMIT = 100_000;

  private Sandbox box;

  @BeforeEach
  void setUp() {
    box = new Sandbox(context -> new TmpfsFileSystem(context, TmpfsOptions.DEFAULT));
    box.mkdir("/m");
  }

  @AfterEach
  void tearDown() {
    box.close();
  }

  private Location at(String path) {
    return box.resolve(path, LookupFlags.FOLLOW);
  }

  private void mount(String path) {
    TmpfsFileSystem made = new TmpfsFileSystem(box.vfs.newContext(), TmpfsOptions.DEFAULT);
    box.vfs.mount(made, "none", at(path), 0);
  }

  private int count() {
    return box.namespace.mounts().size();
  }

  @Test
  void aTreeThatIsBoundBelowItselfIsCopiedAsItWas() {
    mount("/m");
    box.mkdir("/m/a");
    box.vfs.bind(at("/m"), at("/m/a"), true);
    assertEquals(3, count());
    box.vfs.bind(at("/m"), at("/m/a/a"), true);
    assertEquals(5, count());
    box.write("/m/f", "seen everywhere");
    assertEquals("seen everywhere", box.read("/m/a/a/f"));
    assertEquals("seen everywhere", box.read("/m/a/a/a/f"));
  }

  @Test
  void treesThatDoubleMeetTheLimitAndNothingOfTheLastIsLeft() {
    mount("/m");
    box.mkdir("/m/a");
    assertErrno(
        Errno.ENOSPC,
        () -> {
          while (true) {
            box.vfs.bind(at("/m"), at("/m/a"), true);
          }
        });
    int full = count();
    assertTrue(full <= LIMIT && full > LIMIT / 4, () -> full + " mounts");
    box.vfs.unmount(at("/m"), true);
    assertEquals(1, count());
    mount("/m");
  }

  @Test
  void mountsPileUpOnOnePlace() {
    int many = 20_000;
    for (int i = 0; i < many; i++) {
      mount("/m");
    }
    assertEquals(1 + many, count());
    box.write("/m/f", "on top");
    assertEquals("on top", box.read("/m/f"));
    box.vfs.unmount(at("/m"), false);
    assertErrno(Errno.ENOENT, () -> box.read("/m/f"));
    assertEquals(many, count());
  }
}
