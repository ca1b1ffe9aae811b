/** A file system over a SQLite database. */
module org.usermem.examples.rowfs {
  requires static org.jspecify;
  requires java.sql;
  requires org.usermem.fs;
  requires org.xerial.sqlitejdbc;

  provides org.usermem.fs.FileSystemType with
      org.usermem.examples.rowfs.RowFileSystemType;
}
