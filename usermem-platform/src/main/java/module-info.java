/** The only module that touches the host: libc, the memory file and the platforms. */
module org.usermem.platform {
  requires static org.jspecify;
  requires static org.osgi.annotation.bundle;
  requires static org.osgi.annotation.versioning;
  requires static org.osgi.service.component.annotations;
  requires transitive org.usermem.api;
}
