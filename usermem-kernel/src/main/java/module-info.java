/** Tasks and what they share: memory access, file descriptors, signals and futexes. */
module org.usermem.kernel {
  requires static org.jspecify;
  requires static org.osgi.annotation.bundle;
  requires static org.osgi.annotation.versioning;
  requires static org.osgi.service.component.annotations;
  requires jdk.jfr;
  requires transitive org.usermem.api;
  requires transitive org.usermem.fs;
  requires transitive org.usermem.mm;
  requires transitive org.usermem.platform;

  exports org.usermem.kernel to
      org.usermem.linux,
      org.usermem.sentry;
  exports org.usermem.kernel.fd to
      org.usermem.linux,
      org.usermem.sentry;
  exports org.usermem.kernel.futex to
      org.usermem.linux,
      org.usermem.sentry;
  exports org.usermem.kernel.identity to
      org.usermem.linux,
      org.usermem.sentry;
  exports org.usermem.kernel.limits to
      org.usermem.linux,
      org.usermem.sentry;
  exports org.usermem.kernel.namespace to
      org.usermem.linux,
      org.usermem.sentry;
  exports org.usermem.kernel.signal to
      org.usermem.linux,
      org.usermem.sentry;
  exports org.usermem.kernel.time to
      org.usermem.linux,
      org.usermem.sentry;

  provides org.usermem.grant.ExportGrant with
      org.usermem.kernel.grant.KernelExports;
}
