/** What the black-box tests share. */
module org.usermem.itests {
  requires static org.jspecify;
  requires static org.osgi.annotation.bundle;
  requires static org.osgi.annotation.versioning;
  requires static org.osgi.service.component.annotations;
  requires java.compiler;
  requires org.usermem.sentry;
}
