package org.usermem.sentry.component;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.platform.Platform;
import org.usermem.platform.PlatformProvider;
import org.usermem.platform.inprocess.InProcessPlatform;
import org.usermem.platform.memory.HostMemoryFile;
import org.usermem.sentry.assembly.Assembly;
import org.usermem.sentry.assembly.AssemblyFile;
import org.usermem.sentry.assembly.PluginServices;
import org.usermem.sentry.run.GuestStreams;
import org.usermem.sentry.run.RunOptions;
import org.usermem.sentry.run.Sentry;
import org.usermem.sentry.run.UserOption;

class LatePlatformTest {

  /** A platform whose plug-in stops while a sentry is made over it. */
  private static final class Fleeting implements PlatformProvider {

    private SentryParts parts;

    @Override
    public String name() {
      return "fleeting";
    }

    @Override
    public Platform open(HostMemoryFile memoryFile) {
      parts.deactivate();
      return new InProcessPlatform();
    }
  }

  @Test
  void nothingRunsOnAPlatformThatWentWhileTheSentryWasMade() {
    Fleeting provider = new Fleeting();
    SentryParts parts = new SentryParts(provider);
    provider.parts = parts;
    RunOptions options =
        new RunOptions(
            List.of("/bin/true"),
            Path.of("/"),
            List.of(),
            List.of(),
            Optional.of("/"),
            UserOption.ROOT,
            "test",
            64L << 20,
            10,
            Optional.empty(),
            false,
            false,
            false);
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    AssemblyFile file = AssemblyFile.standard();
    try (Assembly assembly = Assembly.start(file, PluginServices.TYPES, event -> {});
        Sentry sentry =
            parts.open(
                options,
                new GuestStreams(
                    Channels.newChannel(InputStream.nullInputStream()),
                    Channels.newChannel(OutputStream.nullOutputStream()),
                    Channels.newChannel(OutputStream.nullOutputStream()),
                    false),
                assembly,
                file,
                new PrintStream(said, true, StandardCharsets.UTF_8))) {
      LinuxException e = assertThrows(LinuxException.class, sentry::start);
      assertEquals(Errno.ENODEV, e.errno());
    }
    assertTrue(
        said.toString(StandardCharsets.UTF_8).contains("the platform of the guest has gone"));
  }
}
