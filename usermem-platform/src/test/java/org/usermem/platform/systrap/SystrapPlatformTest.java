package org.usermem.platform.systrap;

import org.usermem.platform.PlatformKind;
import org.usermem.platform.contract.PlatformContract;

class SystrapPlatformTest extends PlatformContract {

  @Override
  protected PlatformKind kind() {
    return PlatformKind.SYSTRAP;
  }
}
