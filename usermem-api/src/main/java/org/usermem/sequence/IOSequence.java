package org.usermem.sequence;

/**
 * A sequence of a program's memory, handed down as an argument: all that code below the kernel ever
 * sees of a program.
 *
 * <p>It has a direction, which is its type: a {@link Source} gives bytes that come from the program
 * (write(2)), a {@link Sink} takes bytes for it (read(2)). What the two share has no copy methods.
 *
 * <p>Bounds of the address space were checked before the sequence was made, for zero-length parts
 * too; whether the memory is there shows when it is used.
 *
 * <p>Thread safety: an immutable value. It may be used by one thread at a time, and during the call
 * it is an argument of.
 */
public sealed interface IOSequence permits Source, Sink {

  /** Returns the number of bytes in the sequence. */
  long numBytes();

  /** Returns whether there is no byte in the sequence. */
  default boolean isEmpty() {
    return numBytes() == 0;
  }

  /**
   * Returns the sequence without its first {@code byteCount} bytes; one of 0 bytes if it has no
   * more.
   *
   * @throws IllegalArgumentException if {@code byteCount} is negative
   */
  IOSequence dropFirst(long byteCount);

  /**
   * Returns the sequence cut after its first {@code byteCount} bytes; the same if it has no more.
   *
   * @throws IllegalArgumentException if {@code byteCount} is negative
   */
  IOSequence takeFirst(long byteCount);
}
