package org.usermem.fs.hostfs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.usermem.errno.LinuxException;
import org.usermem.fs.fixture.Sandbox;

/** Somebody on the host swaps a directory for a symbolic link that leads out, again and again. */
class ConfinementAttackTest {

  @TempDir Path host;

  @Test
  void swappedDirectoryNeverLeadsOut() throws Exception {
    Path root = Files.createDirectories(host.resolve("root"));
    Files.createDirectories(root.resolve("d"));
    Files.writeString(root.resolve("d/file"), "inside");
    Files.createDirectories(host.resolve("outside"));
    Files.writeString(host.resolve("outside/file"), "secret");
    AtomicBoolean done = new AtomicBoolean();
    Thread attacker = Thread.ofPlatform().start(() -> attack(root, done));
    try (Sandbox box =
        new Sandbox(
            context ->
                new HostFileSystem(context, HostOptions.shared(root).withOpenDirectoryLimit(1)))) {
      for (int i = 0; i < 500; i++) {
        try {
          assertEquals("inside", box.read("/d/file"));
          box.write("/d/new", "written");
          box.stat("/d/new");
        } catch (LinuxException e) {
          // What is there at the moment may be anything; where it is may not.
        }
      }
    } finally {
      done.set(true);
      attacker.join();
    }
    assertEquals("secret", Files.readString(host.resolve("outside/file")));
    assertEquals(false, Files.exists(host.resolve("outside/new")));
  }

  private void attack(Path root, AtomicBoolean done) {
    while (!done.get()) {
      try {
        Files.move(root.resolve("d"), root.resolve("kept"));
        Files.createSymbolicLink(root.resolve("d"), host.resolve("outside"));
        Files.delete(root.resolve("d"));
        Files.move(root.resolve("kept"), root.resolve("d"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
