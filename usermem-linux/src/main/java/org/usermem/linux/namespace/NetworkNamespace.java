package org.usermem.linux.namespace;

import org.usermem.kernel.fd.FsContext;
import org.usermem.kernel.namespace.Namespace;
import org.usermem.kernel.namespace.NamespaceKind;

/** A network as some tasks see it (network_namespaces(7)): nothing, in each of them. */
public final class NetworkNamespace extends Namespace {

  /** Makes the first one of a kernel. */
  public NetworkNamespace() {
    this(NamespaceKind.NETWORK.firstNumber());
  }

  private NetworkNamespace(long number) {
    super(NamespaceKind.NETWORK, number);
  }

  @Override
  public NetworkNamespace copy(long newNumber, FsContext fs) {
    return new NetworkNamespace(newNumber);
  }
}
