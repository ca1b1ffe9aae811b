package org.usermem.fs;

import java.util.List;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

/**
 * The extended attributes of one file, see xattr(7). Names are full: with their namespace. Who may
 * do what is checked before.
 *
 * <p>Thread safety: all methods may be called by any thread.
 */
public interface ExtendedAttributes {

  /** Those of a file that can have none. */
  ExtendedAttributes NONE =
      new ExtendedAttributes() {
        @Override
        public byte[] get(String name) {
          throw LinuxException.of(Errno.EOPNOTSUPP);
        }

        @Override
        public void set(String name, byte[] value, ExtendedAttributeMode mode) {
          throw LinuxException.of(Errno.EOPNOTSUPP);
        }

        @Override
        public void remove(String name) {
          throw LinuxException.of(Errno.EOPNOTSUPP);
        }

        @Override
        public List<String> names() {
          return List.of();
        }
      };

  /**
   * Returns a value, as getxattr(2).
   *
   * @return the value, not to be changed by the caller
   * @throws LinuxException EOPNOTSUPP if there are no extended attributes (of that namespace) here;
   *     ENODATA if there is none of that name
   */
  byte[] get(String name);

  /**
   * Sets a value, as setxattr(2).
   *
   * @param value the value; not kept
   * @param mode whether the attribute has to exist before or must not
   * @throws LinuxException EOPNOTSUPP as above; EEXIST or ENODATA as the mode demands; ENOSPC
   */
  void set(String name, byte[] value, ExtendedAttributeMode mode);

  /**
   * Removes an attribute, as removexattr(2).
   *
   * @throws LinuxException EOPNOTSUPP or ENODATA as above
   */
  void remove(String name);

  /** Returns all names, as listxattr(2). */
  List<String> names();
}
