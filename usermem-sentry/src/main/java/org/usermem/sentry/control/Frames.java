package org.usermem.sentry.control;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What goes through the socket. A request is a kind and words; an answer is lines, each after
 * {@link #LINE}, then {@link #DONE} or {@link #FAILED} and a message. {@link #IDLE} may come at any
 * time.
 */
final class Frames {

  /** A request to run a command. */
  static final int RUN = 'r';

  /** A request for the words that can come next. */
  static final int NEXT = 'n';

  static final int LINE = 'l';
  static final int IDLE = 'i';
  static final int DONE = 'd';
  static final int FAILED = 'f';

  private static final int MOST_WORDS = 256;
  private static final int MOST_BYTES = 1 << 20;

  private Frames() {}

  static void writeText(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(bytes.length, MOST_BYTES);
    out.writeInt(length);
    out.write(bytes, 0, length);
  }

  static String readText(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > MOST_BYTES) {
      throw new IOException("a text of " + length + " bytes");
    }
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  static void writeWords(DataOutputStream out, List<String> words) throws IOException {
    out.writeInt(words.size());
    for (String word : words) {
      writeText(out, word);
    }
  }

  static List<String> readWords(DataInputStream in) throws IOException {
    int count = in.readInt();
    if (count < 0 || count > MOST_WORDS) {
      throw new IOException("a request of " + count + " words");
    }
    List<String> words = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      words.add(readText(in));
    }
    return words;
  }
}
