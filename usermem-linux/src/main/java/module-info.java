/** The Linux personality: system calls, ABI structures, the ELF loader and procfs. */
module org.usermem.linux {
  requires static org.jspecify;
  requires static org.osgi.annotation.bundle;
  requires static org.osgi.annotation.versioning;
  requires static org.osgi.service.component.annotations;
  requires transitive org.usermem.kernel;

  exports org.usermem.linux to
      org.usermem.sentry;
  exports org.usermem.linux.exec to
      org.usermem.sentry;
  exports org.usermem.linux.procfs to
      org.usermem.sentry;
  exports org.usermem.linux.pseudo to
      org.usermem.sentry;
  exports org.usermem.linux.strace to
      org.usermem.sentry;
  exports org.usermem.linux.sysfs to
      org.usermem.sentry;
  exports org.usermem.linux.system to
      org.usermem.sentry;
  exports org.usermem.linux.tty to
      org.usermem.sentry;
}
