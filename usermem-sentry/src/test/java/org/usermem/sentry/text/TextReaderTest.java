package org.usermem.sentry.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextReaderTest {

  @Test
  void indentedLinesBelongToTheLineAboveThem() {
    List<Block> blocks = TextReader.read("f", "a 1\n  b 2 3\n\tc\nd\n");
    assertEquals(2, blocks.size());
    assertEquals(List.of("2", "3"), blocks.getFirst().body().getFirst().words());
    assertEquals("c", blocks.getFirst().body().get(1).keyword());
    assertEquals(4, blocks.get(1).head().line());
  }

  @Test
  void commentsBeginAfterWhiteSpaceOnly() {
    Statement one = TextReader.read("f", "# nothing\ncovers a.B#c # but this").getFirst().head();
    assertEquals(List.of("a.B#c"), one.words());
    assertEquals("a.B#c", one.text());
  }

  @Test
  void textIsKeptAsWritten() {
    assertEquals(
        "two  words, so", TextReader.read("f", "about two  words, so  ").getFirst().head().text());
  }

  @Test
  void quotedWordsMayHoldWhiteSpaceAndEscapes() {
    Statement one = TextReader.read("f", "mount \"a b\" \"\\\"\\\\\"").getFirst().head();
    assertEquals(List.of("a b", "\"\\"), one.words());
  }

  @Test
  void anOpenQuotationMarkIsAnErrorWithItsLine() {
    TextException e =
        assertThrows(TextException.class, () -> TextReader.read("f.txt", "a\n  b \"c"));
    assertEquals("f.txt", e.file());
    assertEquals(2, e.line());
    assertTrue(e.getMessage().startsWith("f.txt:2: "), e.getMessage());
  }

  @Test
  void anIndentedLineWithoutAHeadIsAnError() {
    assertThrows(TextException.class, () -> TextReader.read("f", "  a"));
  }

  @Test
  void aTextPastTheLimitIsAnError() {
    String tooLong = "#".repeat(TextReader.MAX_CHARACTERS + 1);
    assertThrows(TextException.class, () -> TextReader.read("f", tooLong));
  }
}
