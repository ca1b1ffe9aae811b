package org.usermem.fs;

import org.usermem.sequence.Sink;
import org.usermem.sequence.Source;

/**
 * A call of ioctl(2). The argument is a number to the file that is asked; where the command says
 * that it is an address, the file gets at the memory there as a source or sink, never by address.
 */
public interface IoctlRequest {

  /**
   * Returns what is asked for.
   *
   * @return the command, all 32 bits
   */
  int command();

  /**
   * Returns the third argument as a number.
   *
   * @return the argument
   */
  long argument();

  /**
   * Returns the bytes that the argument points to, for a command that passes data in.
   *
   * @param byteCount how many bytes the command reads
   * @return a source; copying from it fails with EFAULT if the argument is a bad pointer
   */
  Source input(long byteCount);

  /**
   * Returns the place that the argument points to, for a command that passes data out.
   *
   * @param byteCount how many bytes the command writes
   * @return a sink; copying to it fails with EFAULT if the argument is a bad pointer
   */
  Sink output(long byteCount);
}
