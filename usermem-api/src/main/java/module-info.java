/** The ground floor: guest addresses, errnos, blocks, memory access and memory mapping. */
module org.usermem.api {
  requires static org.jspecify;
  requires static org.osgi.annotation.bundle;
  requires static org.osgi.annotation.versioning;
  requires static org.osgi.service.component.annotations;

  exports org.usermem.addr;
}
