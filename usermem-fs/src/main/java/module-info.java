/**
 * The file-system SPI and the built-in file systems, which reach programs through sequences only.
 */
module org.usermem.fs {
  requires static org.jspecify;
  requires static org.osgi.annotation.bundle;
  requires static org.osgi.annotation.versioning;
  requires static org.osgi.service.component.annotations;
  requires transitive org.usermem.api;
}
