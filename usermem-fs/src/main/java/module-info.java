/**
 * The file-system SPI and the built-in file systems, which reach programs through sequences only.
 */
module org.usermem.fs {
  requires static transitive org.jspecify;
  requires static org.osgi.annotation.bundle;
  requires static org.osgi.annotation.versioning;
  requires static org.osgi.service.component.annotations;
  requires transitive org.usermem.api;

  exports org.usermem.fs;
  exports org.usermem.fs.access;
  exports org.usermem.fs.attribute;
  exports org.usermem.fs.bridge;
  exports org.usermem.fs.console;
  exports org.usermem.fs.devfs;
  exports org.usermem.fs.device;
  exports org.usermem.fs.event;
  exports org.usermem.fs.eventfd;
  exports org.usermem.fs.hostfs;
  exports org.usermem.fs.inotify;
  exports org.usermem.fs.lock;
  exports org.usermem.fs.memfd;
  exports org.usermem.fs.overlay;
  exports org.usermem.fs.page;
  exports org.usermem.fs.pipe;
  exports org.usermem.fs.tmpfs;
  exports org.usermem.fs.vfs;
  exports org.usermem.fs.watch;
}
