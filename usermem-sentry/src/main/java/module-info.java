/** The assembly: layer policy, plug-ins, the command line and the process builder. */
module org.usermem.sentry {
  requires static transitive org.jspecify;
  // For configurations in JSON.
  requires static com.fasterxml.jackson.core;
  // For "usermem shell", which starts with them.
  requires static org.apache.felix.gogo.runtime;
  requires static org.jline.reader;
  requires static org.jline.terminal;
  requires static org.osgi.annotation.bundle;
  requires static org.osgi.annotation.versioning;
  requires static org.osgi.service.component.annotations;
  requires info.picocli;
  requires java.sql;
  requires java.xml;
  requires jdk.httpserver;
  requires jdk.jfr;
  requires org.apache.felix.framework;
  requires org.usermem.linux;
  requires transitive org.usermem.fs;

  exports org.usermem.sentry;
  exports org.usermem.sentry.assembly;
  exports org.usermem.sentry.check;
  exports org.usermem.sentry.grant;
  exports org.usermem.sentry.guard;
  exports org.usermem.sentry.plugin;
  exports org.usermem.sentry.policy;
  exports org.usermem.sentry.text;

  uses org.osgi.framework.connect.ConnectFrameworkFactory;
  uses org.usermem.grant.ExportGrant;
  uses org.usermem.grant.NativeAccessGrant;
}
