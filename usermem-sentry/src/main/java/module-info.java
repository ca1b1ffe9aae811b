/** The assembly: layer policy, plug-ins, the command line and the process builder. */
module org.usermem.sentry {
  requires static org.jspecify;
  requires static org.osgi.annotation.bundle;
  requires static org.osgi.annotation.versioning;
  requires static org.osgi.service.component.annotations;
  requires info.picocli;
  requires org.usermem.linux;

  exports org.usermem.sentry;
  exports org.usermem.sentry.check;
  exports org.usermem.sentry.policy;
  exports org.usermem.sentry.text;
}
