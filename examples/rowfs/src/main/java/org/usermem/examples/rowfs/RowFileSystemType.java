package org.usermem.examples.rowfs;

import java.util.regex.Pattern;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.FileSystem;
import org.usermem.fs.FileSystemType;
import org.usermem.fs.MountRequest;

/**
 * What mount(2) finds by the name "rowfs". The source is the database, {@code table=NAME} the
 * table.
 */
public final class RowFileSystemType implements FileSystemType {

  static final String NAME = "rowfs";

  private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}");

  /** Creates the type, for the service loader. */
  public RowFileSystemType() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public FileSystem open(MountRequest request) {
    String table = "files";
    for (String option : request.options().split(",", -1)) {
      if (option.startsWith("table=")) {
        table = option.substring("table=".length());
      } else if (!option.isEmpty()) {
        throw LinuxException.of(Errno.EINVAL);
      }
    }
    if (!IDENTIFIER.matcher(table).matches()) {
      throw LinuxException.of(Errno.EINVAL);
    }
    return new RowFileSystem(request.context(), Rows.open(request.source(), table));
  }
}
