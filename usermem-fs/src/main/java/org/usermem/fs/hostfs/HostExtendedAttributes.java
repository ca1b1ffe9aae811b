package org.usermem.fs.hostfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.List;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.ExtendedAttributeMode;
import org.usermem.fs.ExtendedAttributes;
import org.usermem.fs.FileNames;

/**
 * Extended attributes on the host: those of the namespace "user", which is all that Java reaches.
 *
 * <p>Java's errors do not say whether an attribute exists, so the list of names is asked.
 */
final class HostExtendedAttributes implements ExtendedAttributes {

  private static final String PREFIX = "user.";

  /** The largest value that Linux has (XATTR_SIZE_MAX). */
  private static final int VALUE_BYTE_LIMIT = 65_536;

  /** What is asked of a view. */
  @FunctionalInterface
  private interface Call<T> {
    T on(UserDefinedFileAttributeView view) throws IOException;
  }

  private final HostNode node;

  HostExtendedAttributes(HostNode node) {
    this.node = node;
  }

  private <T> T call(Call<T> call) {
    return node.at(
        (directory, name) -> {
          UserDefinedFileAttributeView view =
              Files.getFileAttributeView(
                  directory.at(name),
                  UserDefinedFileAttributeView.class,
                  LinkOption.NOFOLLOW_LINKS);
          if (view == null) {
            throw LinuxException.of(Errno.EOPNOTSUPP);
          }
          return call.on(view);
        });
  }

  private static String hostName(String name) {
    String unicode = name.startsWith(PREFIX) ? FileNames.toUnicode(name) : null;
    if (unicode == null) {
      throw LinuxException.of(Errno.EOPNOTSUPP);
    }
    return unicode.substring(PREFIX.length());
  }

  @Override
  public byte[] get(String name) {
    String hostName = hostName(name);
    return call(
        view -> {
          requireExists(view, hostName);
          int byteCount = view.size(hostName);
          if (byteCount > VALUE_BYTE_LIMIT) {
            throw LinuxException.of(Errno.E2BIG);
          }
          ByteBuffer value = ByteBuffer.allocate(byteCount);
          view.read(hostName, value);
          return value.array();
        });
  }

  private static void requireExists(UserDefinedFileAttributeView view, String hostName)
      throws IOException {
    if (!view.list().contains(hostName)) {
      throw LinuxException.of(Errno.ENODATA);
    }
  }

  @Override
  public void set(String name, byte[] value, ExtendedAttributeMode mode) {
    String hostName = hostName(name);
    call(
        view -> {
          if (mode == ExtendedAttributeMode.REPLACE) {
            requireExists(view, hostName);
          }
          if (mode == ExtendedAttributeMode.CREATE && view.list().contains(hostName)) {
            throw LinuxException.of(Errno.EEXIST);
          }
          return view.write(hostName, ByteBuffer.wrap(value));
        });
    node.touch();
  }

  @Override
  public void remove(String name) {
    String hostName = hostName(name);
    call(
        view -> {
          requireExists(view, hostName);
          view.delete(hostName);
          return hostName;
        });
    node.touch();
  }

  @Override
  public List<String> names() {
    return call(
        view ->
            view.list().stream().map(hostName -> PREFIX + FileNames.ofUnicode(hostName)).toList());
  }
}
