/** A file system of my own. */
module com.acme.myfs {
  requires static org.jspecify;
  requires org.usermem.fs;

  provides org.usermem.fs.FileSystemType with
      com.acme.myfs.MyFileSystemType;
}
