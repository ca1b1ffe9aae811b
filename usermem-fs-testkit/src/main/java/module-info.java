/** The tests that every file system passes, for authors of plug-ins. */
module org.usermem.fs.testkit {
  requires static transitive org.jspecify;
  requires static org.osgi.annotation.bundle;
  requires static org.osgi.annotation.versioning;
  requires static org.osgi.service.component.annotations;
  requires transitive org.junit.jupiter.api;
  requires transitive org.usermem.api;
  requires transitive org.usermem.fs;

  exports org.usermem.fs.testkit;
}
