package org.usermem.kernel.namespace;

import org.usermem.fs.event.Changes;
import org.usermem.kernel.fd.FsContext;

/**
 * The names of a machine as some tasks see them (uts_namespaces(7)). Safe for use by all threads.
 */
public final class UtsNamespace extends Namespace {
  private final Changes hostNameChanges = new Changes();
  private final Changes domainNameChanges = new Changes();
  private volatile String hostName;
  private volatile String domainName;

  /** Makes the first namespace of a kernel. */
  public UtsNamespace(String hostName) {
    this(NamespaceKind.UTS.firstNumber(), hostName, "(none)");
  }

  private UtsNamespace(long number, String hostName, String domainName) {
    super(NamespaceKind.UTS, number);
    this.hostName = hostName;
    this.domainName = domainName;
  }

  @Override
  public UtsNamespace copy(long newNumber, FsContext fs) {
    return new UtsNamespace(newNumber, hostName, domainName);
  }

  /** Returns the name of the machine (uname(2)). */
  public String hostName() {
    return hostName;
  }

  /** Sets the name of the machine (sethostname(2)). */
  public void setHostName(String name) {
    hostName = name;
    hostNameChanges.happened();
  }

  /** Returns the NIS domain (uname(2)). */
  public String domainName() {
    return domainName;
  }

  /** Sets the NIS domain (setdomainname(2)). */
  public void setDomainName(String name) {
    domainName = name;
    domainNameChanges.happened();
  }

  /** Returns when the name of the machine was set. */
  public Changes hostNameChanges() {
    return hostNameChanges;
  }

  /** Returns when the NIS domain was set. */
  public Changes domainNameChanges() {
    return domainNameChanges;
  }
}
