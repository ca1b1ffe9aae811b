package org.usermem.examples.rowfs;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

/** One connection, one statement at a time; an error is an errno. */
final class Database implements AutoCloseable {

  /** Something that is done with a statement. */
  interface Work<T extends @Nullable Object> {
    T with(PreparedStatement statement) throws SQLException;
  }

  private final Connection connection;
  private final ReentrantLock lock = new ReentrantLock();

  private Database(Connection connection) {
    this.connection = connection;
  }

  /**
   * Opens a database, with a write-ahead log: a change costs no sync, and none is torn by a crash.
   */
  static Database open(String file) {
    SQLiteDataSource source = new SQLiteDataSource();
    source.setUrl("jdbc:sqlite:" + file);
    try {
      Database database = new Database(source.getConnection());
      database.execute("PRAGMA journal_mode = WAL");
      database.execute("PRAGMA synchronous = NORMAL");
      return database;
    } catch (SQLException e) {
      throw LinuxException.of(errno(e));
    }
  }

  void execute(String sql) {
    lock.lock();
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw LinuxException.of(errno(e));
    } finally {
      lock.unlock();
    }
  }

  <T extends @Nullable Object> T run(String sql, Work<T> work) {
    lock.lock();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      return work.with(statement);
    } catch (SQLException e) {
      throw LinuxException.of(errno(e));
    } finally {
      lock.unlock();
    }
  }

  /** Sets the parameters of a statement from the first on, and runs it. */
  int change(String sql, @Nullable Object... values) {
    return run(
        sql,
        statement -> {
          bind(statement, values);
          return statement.executeUpdate();
        });
  }

  /** Sets the parameters of a query, and returns its one number. */
  long number(String sql, @Nullable Object... values) {
    return run(
        sql,
        statement -> {
          bind(statement, values);
          try (ResultSet found = statement.executeQuery()) {
            return found.next() ? found.getLong(1) : 0;
          }
        });
  }

  static void bind(PreparedStatement statement, @Nullable Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
  }

  /** Does several things, or none of them. */
  void atomically(Runnable changes) {
    lock.lock();
    try {
      connection.setAutoCommit(false);
      try {
        changes.run();
        connection.commit();
      } catch (LinuxException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    } catch (SQLException e) {
      throw LinuxException.of(errno(e));
    } finally {
      lock.unlock();
    }
  }

  private static Errno errno(SQLException e) {
    return switch (SQLiteErrorCode.getErrorCode(e.getErrorCode() & 0xff)) {
      case SQLITE_CONSTRAINT -> Errno.EEXIST;
      case SQLITE_FULL -> Errno.ENOSPC;
      case SQLITE_READONLY -> Errno.EROFS;
      case SQLITE_BUSY, SQLITE_LOCKED -> Errno.EBUSY;
      case SQLITE_CANTOPEN -> Errno.ENOENT;
      default -> Errno.EIO;
    };
  }

  @Override
  public void close() {
    lock.lock();
    try {
      connection.close();
    } catch (SQLException e) {
      throw LinuxException.of(errno(e));
    } finally {
      lock.unlock();
    }
  }
}
