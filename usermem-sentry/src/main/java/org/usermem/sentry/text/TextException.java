package org.usermem.sentry.text;

import java.io.Serial;

/** A text that could not be understood: the message begins with the file and the line. */
public final class TextException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  private final String file;
  private final int line;

  /**
   * Makes the exception.
   *
   * @param file the name of the file
   * @param line the line number, from one
   * @param message what was found and what belongs there
   */
  public TextException(String file, int line, String message) {
    super(file + ":" + line + ": " + message);
    this.file = file;
    this.line = line;
  }

  /**
   * Makes the exception.
   *
   * @param file the name of the file
   * @param line the line number, from one
   * @param column the column, from one
   * @param message what was found and what belongs there
   */
  public TextException(String file, int line, int column, String message) {
    super(file + ":" + line + ":" + column + ": " + message);
    this.file = file;
    this.line = line;
  }

  /**
   * Returns the name of the file.
   *
   * @return the name, as it was given to the reader
   */
  public String file() {
    return file;
  }

  /**
   * Returns the line.
   *
   * @return the line number, from one
   */
  public int line() {
    return line;
  }
}
