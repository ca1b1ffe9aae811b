package org.usermem.examples.rowfs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.usermem.errno.Errno;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.testkit.MountedFileSystem;

/** Another client of the database and a mount of it see each other's files. */
class OtherClientsTest {

  @TempDir Path directory;

  private String database() {
    return directory.resolve("files.db").toString();
  }

  private MountedFileSystem mount() throws Exception {
    return new MountedFileSystem(
        context -> new RowFileSystem(context, Rows.open(database(), "files")));
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + database());
  }

  @Test
  void aRowThatIsInsertedIsAFile() throws Exception {
    try (MountedFileSystem mounted = mount();
        Connection client = connect();
        Statement statement = client.createStatement()) {
      statement.execute("INSERT INTO files (name, contents) VALUES ('note', 'text')");
      statement.execute("INSERT INTO files (name) VALUES ('no/name'), ('..'), ('')");
      assertEquals("text", mounted.read("/note"));
      assertEquals(List.of("note"), mounted.list("/"));
      statement.execute("UPDATE files SET contents = 'changed' WHERE name = 'note'");
      assertEquals("changed", mounted.read("/note"));
    }
  }

  @Test
  void aFileThatIsWrittenIsARow() throws Exception {
    try (MountedFileSystem mounted = mount();
        Connection client = connect();
        Statement statement = client.createStatement()) {
      mounted.makeDirectory("/d");
      mounted.write("/d/\u00c3\u00a4", "text");
      try (ResultSet found =
          statement.executeQuery(
              "SELECT f.name, CAST(f.contents AS TEXT) FROM files f, files d"
                  + " WHERE f.parent = d.id AND d.name = 'd'")) {
        assertEquals("\u00e4", found.getString(1));
        assertEquals("text", found.getString(2));
      }
    }
  }

  @Test
  void anOpenFileWhoseRowIsDeletedIsStale() throws Exception {
    try (MountedFileSystem mounted = mount();
        Connection client = connect();
        Statement statement = client.createStatement()) {
      mounted.write("/note", "text");
      FileDescription file = mounted.open("/note", OpenFlags.READ_WRITE);
      statement.execute("DELETE FROM files WHERE name = 'note'");
      MountedFileSystem.assertErrno(
          Errno.ESTALE, () -> file.write(MountedFileSystem.source("more")));
      file.decRef();
      MountedFileSystem.assertErrno(Errno.ENOENT, () -> mounted.read("/note"));
    }
  }

  @Test
  void filesAreThereAfterTheNextMount() throws Exception {
    try (MountedFileSystem mounted = mount()) {
      mounted.write("/note", "text");
      mounted.write("/removed", "text");
      FileDescription open = mounted.open("/removed", OpenFlags.READ_ONLY);
      mounted.unlink("/removed");
      open.decRef();
    }
    try (MountedFileSystem mounted = mount();
        Connection client = connect();
        Statement statement = client.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM files WHERE id <> 1")) {
      assertEquals("text", mounted.read("/note"));
      assertEquals(1, rows.getInt(1));
    }
  }
}
