package org.usermem.fs.hostfs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.attribute.AttributeChange;
import org.usermem.fs.fixture.Sandbox;

/**
 * Somebody on the host puts links that lead out in the place of what guests use, again and again.
 */
class ConfinementAttackTest {

  private static final int ROUNDS = 500;

  @TempDir Path host;
  private Path root;
  private Path outside;

  /** One round of what the attacker does; everything is where it was in the end. */
  private interface Attack {
    void run() throws IOException;
  }

  /** One use by a guest: what it finds at the moment may be anything, where it is may not. */
  private interface Use {
    void run(Sandbox box);
  }

  @BeforeEach
  void setUp() throws IOException {
    root = Files.createDirectories(host.resolve("root"));
    outside = Files.createDirectories(host.resolve("outside"));
    Files.createDirectories(root.resolve("d"));
    Files.writeString(root.resolve("d/file"), "inside");
    Files.writeString(outside.resolve("file"), "secret");
  }

  @AfterEach
  void checkOutside() throws IOException {
    assertEquals("secret", Files.readString(outside.resolve("file")));
    try (Stream<Path> names = Files.list(outside)) {
      assertEquals(List.of(outside.resolve("file")), names.toList());
    }
  }

  private void run(Attack attack, Use use) throws InterruptedException {
    AtomicBoolean done = new AtomicBoolean();
    Thread attacker =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!done.get()) {
                    try {
                      attack.run();
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                  }
                });
    try (Sandbox box =
        new Sandbox(
            context ->
                new HostFileSystem(context, HostOptions.shared(root).withOpenDirectoryLimit(1)))) {
      for (int round = 0; round < ROUNDS; round++) {
        try {
          use.run(box);
        } catch (LinuxException e) {
          // As good as any other answer.
        }
      }
    } finally {
      done.set(true);
      attacker.join();
    }
  }

  @Test
  void swappedDirectoryNeverLeadsOut() throws Exception {
    run(
        () -> {
          Files.move(root.resolve("d"), root.resolve("kept"));
          Files.createSymbolicLink(root.resolve("d"), outside);
          Files.delete(root.resolve("d"));
          Files.move(root.resolve("kept"), root.resolve("d"));
        },
        box -> {
          assertEquals("inside", box.read("/d/file"));
          box.write("/d/new", "written");
          box.stat("/d/new");
          box.rename("/d/new", "/d/newer");
          box.unlink("/d/newer");
        });
  }

  @Test
  void swappedFileNeverLeadsOut() throws Exception {
    run(
        () -> {
          Files.move(root.resolve("d/file"), root.resolve("d/kept"));
          Files.createSymbolicLink(root.resolve("d/file"), outside.resolve("file"));
          Files.move(
              root.resolve("d/kept"), root.resolve("d/file"), StandardCopyOption.REPLACE_EXISTING);
        },
        box -> {
          assertEquals("inside", box.read("/d/file"));
          FileDescription file = box.open("/d/file", OpenFlags.READ_WRITE);
          try {
            assertEquals(6, file.attributes().byteSize());
            file.write(Sandbox.source("inside"));
          } finally {
            file.decRef();
          }
          box.vfs.setAttributes(
              box.context, box.resolve("/d/file", 0), AttributeChange.NONE.withMode(0600));
        });
    assertEquals("inside", Files.readString(root.resolve("d/file")));
  }

  @Test
  void directoryThatIsMovedOutDoesNotTakeAGuestWithIt() throws Exception {
    Path away = host.resolve("away");
    run(
        () -> {
          Files.move(root.resolve("d"), away);
          Files.move(away, root.resolve("d"));
        },
        box -> {
          FileDescription directory = box.open("/d", OpenFlags.READ_ONLY | OpenFlags.DIRECTORY);
          try {
            for (String path : List.of("../outside/file", "../../outside/file", "..//../file")) {
              Sandbox.assertErrno(
                  Errno.ENOENT,
                  () -> box.vfs.open(box.context, directory.location(), path, 0, 0, 0));
            }
          } finally {
            directory.decRef();
          }
        });
  }
}
