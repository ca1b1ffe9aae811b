package org.usermem.linux.elf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;

class ScriptTest {

  private static byte[] head(String text) {
    return Arrays.copyOf(text.getBytes(StandardCharsets.ISO_8859_1), Script.HEAD_BYTE_COUNT);
  }

  private static String parsed(String text) {
    Script script = Script.parse(head(text));
    String argument = script.argument();
    return "<" + script.interpreter() + "><" + (argument == null ? "-" : argument) + ">";
  }

  private static Errno refusal(String text) {
    return assertThrows(LinuxException.class, () -> Script.parse(head(text))).errno();
  }

  @Test
  void theArgumentKeepsItsInnerBlanks() {
    assertEquals("</bin/sh><->", parsed("#!/bin/sh\necho"));
    assertEquals("</bin/sh><->", parsed("#! \t/bin/sh \t\n"));
    assertEquals("</usr/bin/env><-S  a b>", parsed("#!/usr/bin/env   -S  a b  \nx"));
  }

  @Test
  void aFileWithoutNewlineIsCompleteWhereItEnds() {
    assertEquals("</bin/sh><->", parsed("#!/bin/sh"));
    assertEquals("</bin/sh><-x>", parsed("#!/bin/sh -x"));
  }

  @Test
  void aLineThatNamesNothingIsRefused() {
    assertEquals(Errno.ENOEXEC, refusal("#!\n"));
    assertEquals(Errno.ENOEXEC, refusal("#!  \t \n"));
    assertEquals(Errno.ENOEXEC, refusal("#!"));
  }

  @Test
  void aNameThatMayHaveBeenCutOffIsRefused() {
    assertEquals(Errno.ENOEXEC, refusal("#!/" + "x".repeat(300)));
    assertEquals("</bin/sh><" + "x".repeat(256 - 11) + ">", parsed("#!/bin/sh " + "x".repeat(300)));
  }

  @Property(seed = "1")
  void anyHeadIsAScriptOrEnoexec(@ForAll @Size(254) byte[] rest) {
    byte[] head = new byte[Script.HEAD_BYTE_COUNT];
    head[0] = '#';
    head[1] = '!';
    System.arraycopy(rest, 0, head, 2, rest.length);
    try {
      Script.parse(head);
    } catch (LinuxException e) {
      assertEquals(Errno.ENOEXEC, e.errno());
    }
  }
}
