package org.usermem.kernel;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The names of a machine as some tasks see them (uts_namespaces(7)). Safe for use by all threads.
 */
public final class UtsNamespace {

  /** The number of the first namespace of a kernel, as Linux gives it (PROC_UTS_INIT_INO). */
  private static final long FIRST_NUMBER = 0xeffffffeL;

  private final AtomicLong numbers;
  private final long number;
  private volatile String hostName;
  private volatile String domainName;

  /** Makes the first namespace of a kernel. */
  UtsNamespace(String hostName) {
    this(new AtomicLong(FIRST_NUMBER), hostName, "(none)");
  }

  private UtsNamespace(AtomicLong numbers, String hostName, String domainName) {
    this.numbers = numbers;
    this.number = numbers.getAndDecrement();
    this.hostName = hostName;
    this.domainName = domainName;
  }

  /** Returns a new namespace with the names of this one. */
  public UtsNamespace copy() {
    return new UtsNamespace(numbers, hostName, domainName);
  }

  /** Returns the number that no other namespace of its kind has. */
  public long number() {
    return number;
  }

  /** Returns the name of the machine (uname(2)). */
  public String hostName() {
    return hostName;
  }

  /** Sets the name of the machine (sethostname(2)). */
  public void setHostName(String name) {
    hostName = name;
  }

  /** Returns the NIS domain (uname(2)). */
  public String domainName() {
    return domainName;
  }

  /** Sets the NIS domain (setdomainname(2)). */
  public void setDomainName(String name) {
    domainName = name;
  }
}
