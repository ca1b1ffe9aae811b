package org.usermem.platform.contract;

import java.util.concurrent.CountDownLatch;
import org.usermem.platform.Context;
import org.usermem.platform.Platform;
import org.usermem.platform.PlatformKind;
import org.usermem.platform.Platforms;
import org.usermem.platform.memory.HostMemoryFile;
import org.usermem.platform.memory.MemoryFileOptions;

/** A program of its own JVM, whose guests run for ever; a test kills it. */
public final class OrphanedGuest {

  private OrphanedGuest() {}

  /** Starts guests of the platform that is named, and says when they run. */
  public static void main(String[] arguments) throws InterruptedException {
    PlatformKind kind = PlatformKind.ofLabel(arguments[0]).orElseThrow();
    HostMemoryFile file = HostMemoryFile.create(MemoryFileOptions.withLimit(1 << 20));
    Platform platform = Platforms.open(kind, file);
    GuestFixture guest = new GuestFixture(platform, file, new MachineCode().call(1).loop());
    GuestFixture looping = new GuestFixture(platform, file, new MachineCode().increment().loop());
    CountDownLatch ready = new CountDownLatch(2);
    for (GuestFixture one : new GuestFixture[] {guest, looping}) {
      Thread.ofPlatform()
          .start(
              () -> {
                Context context = one.space.newContext();
                ready.countDown();
                while (true) {
                  context.run(one.start());
                }
              });
    }
    ready.await();
    System.out.println("ready");
    System.out.flush();
    Thread.currentThread().join();
  }
}
