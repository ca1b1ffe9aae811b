package org.usermem.examples.rowfs;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.NewFile;
import org.usermem.fs.attribute.FileAttributes;
import org.usermem.fs.attribute.FileType;

/**
 * The table. A name that any SQLite client inserts is a file of the root: {@code INSERT INTO files
 * (name, contents) VALUES ('note', 'text')}. Rows without a directory are files that were removed
 * while they were open; the next mount deletes them.
 */
final class Rows implements AutoCloseable {

  private static final String COLUMNS =
      "id, parent, name, mode, uid, gid, atime, mtime, ctime, length(contents)";

  /** What another client may have inserted, and no path can name, is not shown. */
  private static final String NAMES =
      "name NOT IN ('', '.', '..') AND instr(name, '/') = 0 AND instr(name, char(0)) = 0"
          + " AND length(CAST(name AS BLOB)) <= 255";

  private final Database database;
  private final String table;

  private Rows(Database database, String table) {
    this.database = database;
    this.table = table;
  }

  static Rows open(String file, String table) {
    Rows rows = new Rows(Database.open(file), table);
    try {
      rows.prepare();
      return rows;
    } catch (LinuxException e) {
      rows.close();
      throw e;
    }
  }

  private void prepare() {
    database.execute(
        "CREATE TABLE IF NOT EXISTS "
            + table
            + " (id INTEGER PRIMARY KEY AUTOINCREMENT, parent INTEGER DEFAULT "
            + Row.ROOT
            + ", name TEXT NOT NULL, mode INTEGER NOT NULL DEFAULT "
            + (FileType.REGULAR.modeBits() | 0644)
            + ", uid INTEGER NOT NULL DEFAULT 0, gid INTEGER NOT NULL DEFAULT 0"
            + ", atime INTEGER NOT NULL DEFAULT 0, mtime INTEGER NOT NULL DEFAULT 0"
            + ", ctime INTEGER NOT NULL DEFAULT 0, contents BLOB NOT NULL DEFAULT x''"
            + ", UNIQUE (parent, name))");
    database.change(
        "INSERT OR IGNORE INTO " + table + " (id, parent, name, mode) VALUES (?, NULL, '', ?)",
        Row.ROOT,
        FileType.DIRECTORY.modeBits() | 0755);
    database.change("DELETE FROM " + table + " WHERE parent IS NULL AND id <> ?", Row.ROOT);
  }

  @Nullable Row find(long parent, String name) {
    return first("parent = ? AND name = ?", parent, name);
  }

  @Nullable Row find(long id) {
    return first("id = ?", id);
  }

  private @Nullable Row first(String condition, Object... values) {
    List<Row> found = select(condition, values);
    return found.isEmpty() ? null : found.getFirst();
  }

  /** Returns rows of a directory after one, in the order in which they were made. */
  List<Row> after(long parent, long id, int count) {
    return select("parent = ? AND id > ? AND " + NAMES + " ORDER BY id LIMIT ?", parent, id, count);
  }

  private List<Row> select(String condition, Object... values) {
    return database.run(
        "SELECT " + COLUMNS + " FROM " + table + " WHERE " + condition,
        statement -> {
          Database.bind(statement, values);
          return rows(statement);
        });
  }

  private static List<Row> rows(PreparedStatement statement) throws SQLException {
    List<Row> rows = new ArrayList<>();
    try (ResultSet found = statement.executeQuery()) {
      while (found.next()) {
        long parent = found.getLong(2);
        boolean isNowhere = found.wasNull();
        rows.add(
            new Row(
                found.getLong(1),
                isNowhere ? null : parent,
                found.getString(3),
                modeOf(found.getInt(4)),
                found.getInt(5),
                found.getInt(6),
                found.getLong(7),
                found.getLong(8),
                found.getLong(9),
                found.getLong(10)));
      }
    }
    return rows;
  }

  /** What is neither a directory nor a link is a file, whatever another client wrote. */
  private static int modeOf(int mode) {
    FileType type = FileType.ofMode(mode);
    return type == FileType.DIRECTORY || type == FileType.SYMBOLIC_LINK
        ? mode
        : FileType.REGULAR.modeBits() | (mode & 07777);
  }

  long directoriesIn(long parent) {
    return database.number(
        "SELECT count(*) FROM " + table + " WHERE parent = ? AND (mode & ?) = ?",
        parent,
        0170000,
        FileType.DIRECTORY.modeBits());
  }

  boolean isEmpty(long parent) {
    return database.number("SELECT count(*) FROM " + table + " WHERE parent = ?", parent) == 0;
  }

  byte[] read(long id, long offset, int byteCount) {
    return database.run(
        "SELECT substr(CAST(contents AS BLOB), ?, ?) FROM " + table + " WHERE id = ?",
        statement -> {
          Database.bind(statement, offset + 1, byteCount, id);
          try (ResultSet found = statement.executeQuery()) {
            byte[] bytes = found.next() ? found.getBytes(1) : null;
            return bytes == null ? new byte[0] : bytes;
          }
        });
  }

  void replace(long id, byte[] contents, long now) {
    require(
        database.change(
            "UPDATE " + table + " SET contents = ?, mtime = ?, ctime = ? WHERE id = ?",
            contents,
            now,
            now,
            id));
  }

  void setAttributes(long id, FileAttributes attributes) {
    require(
        database.change(
            "UPDATE "
                + table
                + " SET mode = ?, uid = ?, gid = ?, atime = ?, mtime = ?, ctime = ? WHERE id = ?",
            attributes.mode(),
            attributes.userId(),
            attributes.groupId(),
            attributes.accessTime(),
            attributes.modificationTime(),
            attributes.changeTime(),
            id));
  }

  /** Makes a row; without a directory it is a file without a name. */
  Row insert(
      @Nullable Long parent, String name, FileType type, NewFile file, byte[] contents, long now) {
    long id =
        database.number(
            "INSERT INTO "
                + table
                + " (parent, name, mode, uid, gid, atime, mtime, ctime, contents)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            parent,
            name,
            type.modeBits() | file.permissions(),
            file.userId(),
            file.groupId(),
            now,
            now,
            now,
            contents);
    Row row = find(id);
    if (row == null) {
      throw LinuxException.of(Errno.ESTALE);
    }
    touch(parent, now);
    return row;
  }

  /** Takes a row out of its directory; it stays until {@link #delete}. */
  void remove(long id, long directory, long now) {
    place(id, null, now);
    touch(directory, now);
  }

  /** Puts a row into a directory. */
  void insert(long id, long directory, String name, long now) {
    database.atomically(
        () -> {
          name(id, name);
          place(id, directory, now);
          touch(directory, now);
        });
  }

  void delete(long id) {
    database.change("DELETE FROM " + table + " WHERE id = ?", id);
  }

  /** Moves a row, in place of another or of none. */
  void move(long id, long from, long to, String name, @Nullable Long replaced, long now) {
    database.atomically(
        () -> {
          if (replaced != null) {
            place(replaced, null, now);
          }
          place(id, null, now);
          name(id, name);
          place(id, to, now);
          touch(from, now);
          touch(to, now);
        });
  }

  /** Swaps two rows. */
  void exchange(Row one, Row other, long now) {
    database.atomically(
        () -> {
          place(one.id(), null, now);
          place(other.id(), null, now);
          name(one.id(), other.name());
          name(other.id(), one.name());
          place(one.id(), other.parent(), now);
          place(other.id(), one.parent(), now);
          touch(one.parent(), now);
          touch(other.parent(), now);
        });
  }

  private void place(long id, @Nullable Long parent, long now) {
    require(
        database.change(
            "UPDATE " + table + " SET parent = ?, ctime = ? WHERE id = ?", parent, now, id));
  }

  private void name(long id, String name) {
    require(database.change("UPDATE " + table + " SET name = ? WHERE id = ?", name, id));
  }

  private void touch(@Nullable Long directory, long now) {
    if (directory != null) {
      database.change(
          "UPDATE " + table + " SET mtime = ?, ctime = ? WHERE id = ?", now, now, directory);
    }
  }

  private static void require(int changedRows) {
    if (changedRows == 0) {
      throw LinuxException.of(Errno.ESTALE);
    }
  }

  /** Has everything on the disk. */
  void sync() {
    database.execute("PRAGMA wal_checkpoint(FULL)");
  }

  @Override
  public void close() {
    database.close();
  }
}
