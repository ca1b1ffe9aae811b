package org.usermem.sentry.guard;

import java.util.function.Consumer;
import org.usermem.fs.FileDescription;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.device.DeviceDriver;
import org.usermem.fs.device.DeviceType;

/** A device of a plug-in, as it is registered with the VFS. */
final class GuardedDevice implements DeviceDriver {

  private final Guard guard;
  private final Target<DeviceType> target;

  GuardedDevice(DeviceType type, Consumer<Throwable> failures) {
    this.guard = new Guard(failures);
    this.target = new Target<>(guard, type);
  }

  @Override
  public FileDescription open(long device, OpenRequest request) {
    FileDescription inner = target.call(t -> t.open(device, request));
    return new GuardedDescription(request, new Target<>(guard, inner), guard);
  }

  /** Lets go of the driver and of everything that it opened. */
  void revoke() {
    target.take();
    guard.revoke();
  }
}
