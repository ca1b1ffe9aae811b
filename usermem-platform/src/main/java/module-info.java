/** The only module that touches the host: libc, the memory file and the platforms. */
module org.usermem.platform {
  requires static org.jspecify;
  requires static org.osgi.annotation.bundle;
  requires static org.osgi.annotation.versioning;
  requires static org.osgi.service.component.annotations;
  requires transitive org.usermem.api;

  exports org.usermem.platform to
      org.usermem.kernel,
      org.usermem.linux,
      org.usermem.mm,
      org.usermem.sentry;
  exports org.usermem.platform.file to
      org.usermem.sentry;
  exports org.usermem.platform.inprocess to
      org.usermem.kernel,
      org.usermem.linux,
      org.usermem.mm,
      org.usermem.sentry;
  exports org.usermem.platform.memory to
      org.usermem.kernel,
      org.usermem.linux,
      org.usermem.mm,
      org.usermem.sentry;
  exports org.usermem.platform.terminal to
      org.usermem.linux,
      org.usermem.sentry;

  uses org.usermem.platform.PlatformProvider;

  provides org.usermem.platform.PlatformProvider with
      org.usermem.platform.inprocess.InProcessProvider,
      org.usermem.platform.ptrace.PtraceProvider,
      org.usermem.platform.systrap.SystrapProvider;
  provides org.usermem.grant.ExportGrant with
      org.usermem.platform.grant.PlatformExports;
  provides org.usermem.grant.NativeAccessGrant with
      org.usermem.platform.grant.PlatformNativeAccess;
}
