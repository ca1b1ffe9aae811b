package org.usermem.linux.tty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineDisciplineTest {

  private final List<Integer> signals = new ArrayList<>();
  private final LineDiscipline discipline = new LineDiscipline(signals::add);

  private void type(String text) {
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      discipline.type(b);
    }
  }

  private String shown() {
    ByteQueue queue = discipline.output().bytes();
    byte[] bytes = new byte[queue.size()];
    queue.peek(bytes, bytes.length);
    queue.drop(bytes.length);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private String read() {
    boolean canonical = discipline.termios().isCanonical();
    byte[] bytes = new byte[discipline.input().readable(canonical)];
    discipline.input().peek(bytes, bytes.length);
    discipline.input().consume(bytes.length, canonical);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private void local(int cleared) {
    Termios t = discipline.termios();
    discipline.setTermios(t.withLocalFlags(t.localFlags() & ~cleared));
  }

  @Test
  void aLineIsReadableWhenItIsFinished() {
    type("ab");
    assertFalse(discipline.isReadable());
    type("\r");
    assertTrue(discipline.isReadable());
    assertEquals("ab\n", read());
    assertEquals("ab\r\n", shown());
  }

  @Test
  void eachReadGetsOneLine() {
    type("one\ntwo\n");
    assertEquals("one\n", read());
    assertEquals("two\n", read());
    assertFalse(discipline.isReadable());
  }

  @Test
  void endOfFileAtTheStartOfALineReadsAsNothing() {
    type("\4");
    assertTrue(discipline.isReadable());
    assertEquals("", read());
    type("x\4");
    assertEquals("x", read());
    assertFalse(discipline.isReadable());
  }

  @Test
  void erasingTakesBackWholeCharactersIfTheTerminalKnowsThem() {
    type("\u00e4\177\n");
    assertEquals("\ufffd\n", read());
    discipline.output().bytes().drop(discipline.output().bytes().size());
    discipline.setTermios(discipline.termios().withInput(Termios.IUTF8));
    type("a\u00e4\177\177b\n");
    assertEquals("b\n", read());
    assertEquals("a\u00e4\b \b\b \bb\r\n", shown());
  }

  @Test
  void erasingStopsAtTheStartOfTheLine() {
    type("\177\177x\n");
    assertEquals("x\n", read());
    assertEquals("x\r\n", shown());
  }

  @Test
  void killAndWordEraseTakeWhatTheyName() {
    type("one two  \27three\n");
    assertEquals("one three\n", read());
    type("junk\25good\n");
    assertEquals("good\n", read());
  }

  @Test
  void aSignalCharacterSignalsAndFlushes() {
    type("half\3");
    assertEquals(List.of(2), signals);
    type("\n");
    assertEquals("\n", read());
    assertTrue(shown().endsWith("^C\r\n"));
  }

  @Test
  void aLiteralNextCharacterIsOnlyText() {
    type("\26\3\n");
    assertEquals("\3\n", read());
    assertEquals(List.of(), signals);
  }

  @Test
  void withoutCanonicalModeEveryByteIsReadableAtOnce() {
    type("ab");
    local(Termios.ICANON | Termios.ECHO);
    assertTrue(discipline.isReadable());
    assertEquals("ab", read());
    type("\4c");
    assertEquals("\4c", read());
  }

  @Test
  void aTabIsErasedToItsColumn() {
    discipline.output().write((byte) '$', discipline.termios());
    type("ab\t\177");
    assertEquals("$ab\t\b\b\b\b\b", shown());
  }

  @Test
  void controlCharactersAreShownWithACaret() {
    type("\1");
    assertEquals("^A", shown());
    type("\177");
    assertEquals("\b \b\b \b", shown());
  }

  @Test
  void outputTurnsNewlinesIntoReturnAndNewline() {
    for (byte b : "a\nb".getBytes(StandardCharsets.UTF_8)) {
      discipline.output().write(b, discipline.termios());
    }
    assertEquals("a\r\nb", shown());
  }

  @Test
  void aLineThatIsFullTakesOnlyItsEnd() {
    type("x".repeat(5000) + "\n");
    assertEquals(4096, read().length());
  }

  @Test
  void stopAndStartCharactersHoldOutput() {
    type("\23");
    assertTrue(discipline.isStopped());
    type("\21");
    assertFalse(discipline.isStopped());
    type("\n");
    assertEquals("\n", read());
  }
}
