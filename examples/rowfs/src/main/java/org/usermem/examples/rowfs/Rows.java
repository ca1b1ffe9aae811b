package org.usermem.examples.rowfs;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteDataSource;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

/** The table. One connection, one statement at a time. */
final class Rows implements AutoCloseable {

  /** What is to be known of a row besides its contents. */
  record Row(long id, String name, int mode, long modifiedNanos, long byteSize) {}

  private static final String COLUMNS = "rowid, name, mode, mtime, length(contents)";

  private final Connection connection;
  private final String table;
  private final ReentrantLock lock = new ReentrantLock();

  private Rows(Connection connection, String table) {
    this.connection = connection;
    this.table = table;
  }

  /** Something that is done with a statement. */
  private interface Work<T extends @Nullable Object> {
    T with(PreparedStatement statement) throws SQLException;
  }

  static Rows open(String database, String table) {
    SQLiteDataSource source = new SQLiteDataSource();
    source.setUrl("jdbc:sqlite:" + database);
    try {
      Connection connection = source.getConnection();
      try (Statement statement = connection.createStatement()) {
        statement.execute(
            "CREATE TABLE IF NOT EXISTS "
                + table
                + " (name TEXT PRIMARY KEY NOT NULL, contents BLOB NOT NULL DEFAULT x'',"
                + " mode INTEGER NOT NULL DEFAULT 420, mtime INTEGER NOT NULL DEFAULT 0)");
      }
      return new Rows(connection, table);
    } catch (SQLException e) {
      throw LinuxException.of(Errno.EIO);
    }
  }

  @Nullable Row find(String name) {
    return run(
        "SELECT " + COLUMNS + " FROM " + table + " WHERE name = ?",
        s -> {
          s.setString(1, name);
          return first(s);
        });
  }

  @Nullable Row find(long id) {
    return run(
        "SELECT " + COLUMNS + " FROM " + table + " WHERE rowid = ?",
        s -> {
          s.setLong(1, id);
          return first(s);
        });
  }

  /** Returns rows after one, in the order in which they were made. */
  List<Row> after(long id, int count) {
    return run(
        "SELECT " + COLUMNS + " FROM " + table + " WHERE rowid > ? ORDER BY rowid LIMIT ?",
        s -> {
          s.setLong(1, id);
          s.setInt(2, count);
          List<Row> rows = new ArrayList<>();
          try (ResultSet found = s.executeQuery()) {
            while (found.next()) {
              rows.add(row(found));
            }
          }
          return rows;
        });
  }

  byte[] read(long id, long offset, int byteCount) {
    return run(
        "SELECT substr(contents, ?, ?) FROM " + table + " WHERE rowid = ?",
        s -> {
          s.setLong(1, offset + 1);
          s.setInt(2, byteCount);
          s.setLong(3, id);
          try (ResultSet found = s.executeQuery()) {
            byte[] bytes = found.next() ? found.getBytes(1) : null;
            return bytes == null ? new byte[0] : bytes;
          }
        });
  }

  void replace(long id, byte[] contents, long nowNanos) {
    change(
        "UPDATE " + table + " SET contents = ?, mtime = ? WHERE rowid = ?",
        s -> {
          s.setBytes(1, contents);
          s.setLong(2, nowNanos);
          s.setLong(3, id);
          return s.executeUpdate();
        });
  }

  void setModeAndTime(long id, int mode, long nanos) {
    change(
        "UPDATE " + table + " SET mode = ?, mtime = ? WHERE rowid = ?",
        s -> {
          s.setInt(1, mode);
          s.setLong(2, nanos);
          s.setLong(3, id);
          return s.executeUpdate();
        });
  }

  void insert(String name, int mode, long nowNanos) {
    change(
        "INSERT INTO " + table + " (name, mode, mtime) VALUES (?, ?, ?)",
        s -> {
          s.setString(1, name);
          s.setInt(2, mode);
          s.setLong(3, nowNanos);
          return s.executeUpdate();
        });
  }

  void delete(long id) {
    change(
        "DELETE FROM " + table + " WHERE rowid = ?",
        s -> {
          s.setLong(1, id);
          return s.executeUpdate();
        });
  }

  /** Gives a row another name, in place of the one that has it. */
  void rename(long id, String name) {
    change(
        "UPDATE OR REPLACE " + table + " SET name = ? WHERE rowid = ?",
        s -> {
          s.setString(1, name);
          s.setLong(2, id);
          return s.executeUpdate();
        });
  }

  private void change(String sql, Work<Integer> work) {
    if (run(sql, work) == 0) {
      throw LinuxException.of(Errno.ENOENT);
    }
  }

  private <T extends @Nullable Object> T run(String sql, Work<T> work) {
    lock.lock();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      return work.with(statement);
    } catch (SQLException e) {
      throw LinuxException.of(Errno.EIO);
    } finally {
      lock.unlock();
    }
  }

  private static @Nullable Row first(PreparedStatement statement) throws SQLException {
    try (ResultSet found = statement.executeQuery()) {
      return found.next() ? row(found) : null;
    }
  }

  private static Row row(ResultSet found) throws SQLException {
    return new Row(
        found.getLong(1),
        found.getString(2),
        found.getInt(3) & 07777,
        found.getLong(4),
        found.getLong(5));
  }

  @Override
  public void close() {
    lock.lock();
    try {
      connection.close();
    } catch (SQLException e) {
      throw LinuxException.of(Errno.EIO);
    } finally {
      lock.unlock();
    }
  }
}
