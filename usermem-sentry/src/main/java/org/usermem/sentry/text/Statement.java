package org.usermem.sentry.text;

import java.util.List;

/**
 * One statement of a text.
 *
 * @param file the name of the file, for messages
 * @param line the line number, from one
 * @param keyword the first word
 * @param words the words after the keyword
 * @param text everything after the keyword, as written, without the comment
 */
public record Statement(String file, int line, String keyword, List<String> words, String text) {

  /** Copies the words. */
  public Statement {
    words = List.copyOf(words);
  }

  /**
   * Returns an error at this line.
   *
   * @param message what was found and what belongs there
   * @return the exception, to be thrown
   */
  public TextException error(String message) {
    return new TextException(file, line, message);
  }

  /**
   * Returns the words after checking how many there are.
   *
   * @param least the smallest number allowed
   * @param most the largest number allowed
   * @param shape how the statement looks, for the message
   * @return the words
   * @throws TextException if there are too few or too many
   */
  public List<String> words(int least, int most, String shape) {
    if (words.size() < least || words.size() > most) {
      throw error("'" + keyword + "' has " + words.size() + " words after it; write: " + shape);
    }
    return words;
  }

  /**
   * Returns an error that names the keywords that belong here.
   *
   * @param keywords the keywords known at this place
   * @return the exception, to be thrown
   */
  public TextException unknown(String... keywords) {
    return error("unknown keyword '" + keyword + "'; known here: " + String.join(", ", keywords));
  }
}
