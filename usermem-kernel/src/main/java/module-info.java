/** Tasks and what they share: memory access, file descriptors, signals and futexes. */
module org.usermem.kernel {
  requires static org.jspecify;
  requires static org.osgi.annotation.bundle;
  requires static org.osgi.annotation.versioning;
  requires static org.osgi.service.component.annotations;
  requires transitive org.usermem.api;
  requires transitive org.usermem.fs;
  requires transitive org.usermem.mm;
  requires transitive org.usermem.platform;
}
