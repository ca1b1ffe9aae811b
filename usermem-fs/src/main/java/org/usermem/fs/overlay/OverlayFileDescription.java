package org.usermem.fs.overlay;

import org.jspecify.annotations.Nullable;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.RegularFile;
import org.usermem.fs.RegularFileDescription;
import org.usermem.memmap.MapOptions;

/** A description of a file of an overlay. It uses the lower file as long as it is open itself. */
final class OverlayFileDescription extends RegularFileDescription {

  private final OverlayFile file;
  private final @Nullable RegularFile used;

  OverlayFileDescription(OverlayFile file, OpenRequest request) {
    super(file, request);
    this.file = file;
    // A description that outlives the copying up goes on using the lower file, which does no harm.
    this.used = file.contents().upper() == null ? file.contents().lower() : null;
    if (used != null) {
      used.incUses();
    }
  }

  @Override
  protected void onRelease() {
    if (used != null) {
      used.decUses();
    }
  }

  @Override
  public MapOptions configureMap(MapOptions options) {
    // What may be stored to is copied up before it is mapped, where waiting for it does no harm.
    if (!options.isPrivate() && isWritable()) {
      file.copyUp(Long.MAX_VALUE);
    }
    return super.configureMap(options);
  }
}
