package org.usermem.sentry.text;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a text into its blocks. */
public final class TextReader {

  /** The longest text that is read, in characters: an assembly is not a data set. */
  public static final int MAX_CHARACTERS = 1 << 20;

  private TextReader() {}

  /**
   * Reads a text.
   *
   * @param file the name of the file, for messages
   * @param text the contents
   * @return the blocks, in order
   * @throws TextException if a line has no meaning
   */
  public static List<Block> read(String file, String text) {
    if (text.length() > MAX_CHARACTERS) {
      throw new TextException(
          file, 1, "has " + text.length() + " characters; the limit is " + MAX_CHARACTERS);
    }
    List<Block> blocks = new ArrayList<>();
    Statement head = null;
    List<Statement> body = new ArrayList<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      Statement statement = statement(file, number, line);
      if (statement == null) {
        continue;
      }
      boolean indented = Character.isWhitespace(line.charAt(0));
      if (indented) {
        if (head == null) {
          throw statement.error("an indented line, and no line above it that it belongs to");
        }
        body.add(statement);
      } else {
        if (head != null) {
          blocks.add(new Block(head, body));
        }
        head = statement;
        body = new ArrayList<>();
      }
    }
    if (head != null) {
      blocks.add(new Block(head, body));
    }
    return List.copyOf(blocks);
  }

  private static @Nullable Statement statement(String file, int number, String line) {
    List<String> words = new ArrayList<>();
    int textStart = -1;
    int end = line.length();
    int at = 0;
    while (true) {
      while (at < end && Character.isWhitespace(line.charAt(at))) {
        at++;
      }
      if (at == end || line.charAt(at) == '#') {
        break;
      }
      if (words.size() == 1) {
        textStart = at;
      }
      at = word(file, number, line, at, words);
    }
    if (words.isEmpty()) {
      return null;
    }
    String text = textStart < 0 ? "" : line.substring(textStart, at).strip();
    return new Statement(file, number, words.getFirst(), words.subList(1, words.size()), text);
  }

  /** Adds the word that begins at a position, and returns the position after it. */
  private static int word(String file, int number, String line, int start, List<String> words) {
    if (line.charAt(start) != '"') {
      int at = start;
      while (at < line.length() && !Character.isWhitespace(line.charAt(at))) {
        at++;
      }
      words.add(line.substring(start, at));
      return at;
    }
    StringBuilder word = new StringBuilder();
    for (int at = start + 1; at < line.length(); at++) {
      char c = line.charAt(at);
      if (c == '"') {
        words.add(word.toString());
        return at + 1;
      }
      boolean escape =
          c == '\\' && at + 1 < line.length() && "\"\\".indexOf(line.charAt(at + 1)) >= 0;
      word.append(escape ? line.charAt(++at) : c);
    }
    throw new TextException(file, number, "a quotation mark opens and none closes");
  }
}
