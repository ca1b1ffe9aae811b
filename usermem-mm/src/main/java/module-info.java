/** Address spaces: what is mapped, what backs it, faults and copies. */
module org.usermem.mm {
  requires static org.jspecify;
  requires static org.osgi.annotation.bundle;
  requires static org.osgi.annotation.versioning;
  requires static org.osgi.service.component.annotations;
  requires jdk.jfr;
  requires transitive org.usermem.api;
  requires transitive org.usermem.platform;

  exports org.usermem.mm to
      org.usermem.kernel,
      org.usermem.linux,
      org.usermem.sentry;
  exports org.usermem.mm.numa to
      org.usermem.kernel,
      org.usermem.linux,
      org.usermem.sentry;
  exports org.usermem.mm.view to
      org.usermem.kernel,
      org.usermem.linux,
      org.usermem.sentry;
  exports org.usermem.mm.aio to
      org.usermem.kernel,
      org.usermem.linux,
      org.usermem.sentry;
  exports org.usermem.mm.shm to
      org.usermem.kernel,
      org.usermem.linux,
      org.usermem.sentry;

  provides org.usermem.grant.ExportGrant with
      org.usermem.mm.grant.MemoryExports;
}
