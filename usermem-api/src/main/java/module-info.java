/** The ground floor: guest addresses, errnos, blocks, memory access and memory mapping. */
module org.usermem.api {
  requires static transitive org.jspecify;
  requires static org.osgi.annotation.bundle;
  requires static org.osgi.annotation.versioning;
  requires static org.osgi.service.component.annotations;

  exports org.usermem.addr;
  exports org.usermem.block;
  exports org.usermem.errno;
  exports org.usermem.memmap;
  exports org.usermem.sequence;
  exports org.usermem.struct;
  // Access by address is for the kernel and its memory management; the assembly grants it to
  // others.
  exports org.usermem.io to
      org.usermem.kernel,
      org.usermem.linux,
      org.usermem.mm,
      org.usermem.sentry;

  // The assembly finds here who can give away an export, or native access.
  exports org.usermem.grant to
      org.usermem.kernel,
      org.usermem.linux,
      org.usermem.mm,
      org.usermem.platform,
      org.usermem.sentry;

  provides org.usermem.grant.ExportGrant with
      org.usermem.grant.ApiExports;
}
