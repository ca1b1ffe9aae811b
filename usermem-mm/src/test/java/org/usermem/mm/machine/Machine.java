package org.usermem.mm.machine;

/** Something that memory calls can be run on. It starts with one empty space. */
interface Machine extends AutoCloseable {

  /** Most spaces at a time; a fork beyond does nothing. */
  int MOST_SPACES = 4;

  Outcome run(Operation operation);

  @Override
  void close();
}
