/**
 * Black-box tests. They live in a module of their own that usermem does not know, so they see what
 * any other module sees.
 */
module org.usermem.itests {
  requires static org.jspecify;
  requires static org.osgi.annotation.bundle;
  requires static org.osgi.annotation.versioning;
  requires static org.osgi.service.component.annotations;
  requires java.compiler;
  requires jdk.compiler;
  requires org.apache.felix.framework;
  requires org.usermem.sentry;

  uses org.osgi.framework.launch.FrameworkFactory;
}
