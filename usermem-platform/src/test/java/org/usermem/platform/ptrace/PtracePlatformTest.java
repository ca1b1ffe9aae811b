package org.usermem.platform.ptrace;

import org.usermem.platform.PlatformKind;
import org.usermem.platform.contract.PlatformContract;

class PtracePlatformTest extends PlatformContract {

  @Override
  protected PlatformKind kind() {
    return PlatformKind.PTRACE;
  }
}
