package org.usermem.fs.hostfs;

import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.usermem.fs.page.BackingChannel;
import org.usermem.fs.page.ChannelStorage;

/** Opens regular files of the host. */
@FunctionalInterface
interface HostOpener {

  /**
   * Opens a file under one of its names.
   *
   * @throws org.usermem.errno.LinuxException what the host says
   */
  BackingChannel open(HostNode node, boolean writable);

  Set<OpenOption> READ = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

  Set<OpenOption> READ_WRITE =
      Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

  /** Opens files relative to the directory that they are in. */
  HostOpener RELATIVE =
      (node, writable) ->
          node.at(
              (directory, name) ->
                  new ChannelStorage(
                      directory.stream().newByteChannel(name, writable ? READ_WRITE : READ),
                      writable));
}
