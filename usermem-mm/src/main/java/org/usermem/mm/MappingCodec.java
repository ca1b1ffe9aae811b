package org.usermem.mm;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.usermem.memmap.Mappable;
import org.usermem.memmap.MappingIdentity;

/** How a snapshot names what is mapped and is not the memory manager's own: files, mostly. */
public interface MappingCodec {

  /**
   * What is mapped.
   *
   * @param mappable the mappable
   * @param identity its identity, with a reference that whoever reads it drops; or null
   */
  record Mapped(Mappable mappable, @Nullable MappingIdentity identity) {}

  /**
   * Writes what it takes to find something again.
   *
   * @throws IOException if it can't be saved; the message says what it is and why
   */
  void write(Mappable mappable, @Nullable MappingIdentity identity, DataOutput out)
      throws IOException;

  /**
   * Finds what was written.
   *
   * @throws IOException if it is not there any more
   */
  Mapped read(DataInput in) throws IOException;
}
