package org.usermem.sentry.assembly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.usermem.sentry.text.TextException;

class ConfigurationJsonTest {

  @TempDir private Path dir;

  private Path write(String json) throws IOException {
    return Files.writeString(dir.resolve("sentry.json"), json.replace('\'', '"'));
  }

  @Test
  void eachPersistentIdentityHasItsProperties() throws IOException {
    Path file =
        write(
            """
            /* as the Configurator reads it */
            {
              ':configurator:resource-version': 1,
              ':configurator:symbolic-name': 'x',
              'com.acme.A': { 'size:Short': 7, ':configurator:policy': 'force' },
              'com.acme.B': {}
            }
            """);
    assertEquals(
        Map.of("com.acme.A", Map.of("size", (short) 7), "com.acme.B", Map.of()),
        ConfigurationJson.read(file));
  }

  /** What is wrong is told with line, column and key. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]                             | 1:1: a configuration is an object",
        "{ 'a': 1 }                     | 1:8: 'a' is followed by its properties",
        "{ 'a': { 'x:Integer': 'b' } }  | 1:23: 'a/x:Integer': 'b' is no Integer",
        "{ 'a': { 'x:Byte': 300 } }     | 1:20: 'a/x:Byte': '300' is no Byte",
        "{ 'a': { 'x:Boolean': 1 } }    | 1:23: 'a/x:Boolean': '1' is no Boolean",
        "{ 'a': { 'x:Character': 'ab' } } | 1:25: 'a/x:Character': 'ab' is no Character",
        "{ 'a': { 'x:integer': 1 } }    | 1:23: 'a/x:integer': the types are String, Integer",
        "{ 'a': { 'x:binary': 'b' } }   | 1:22: 'a/x:binary': the types are String, Integer",
        "{ 'a': { 'x:Collection<int>': 1 } } | 1:31: 'a/x:Collection<int>': the types are",
        "{ 'a': { 'x:int[]': [1, true] } } | 1:25: 'a/x:int[]': 'true' is no Integer",
        "{ 'a': { 'x': null } }         | 1:15: 'a/x': a value is a text",
        "{ 'a': { 'x:int': {} } }       | 1:19: 'a/x:int': a value is a text",
        "{ 'a': { 'x y': 1 } }          | 1:10: 'a/x y': no key",
        "{ 'a~': { 'x': 1 } }           | 1:9: 'a~' is no persistent identity",
        "{ 'a': { 'x': 1, 'X': 1 } }    | 1:18: 'a/X': there twice",
        "{ 'a': { 'x': [[1]] } }        | 1:16: 'a/x': a value is a text",
        "{ 'a': { ':Integer': 1 } }     | 1:10: 'a/:Integer': no name",
        "{ 'a': { 'x': 1, 'x:Long': 1 } } | 1:18: 'a/x:Long': there twice",
        "{ 'a': { 'x': 1, 'x': 2 } }    | 1:21: Duplicate field 'x'",
        "{ ':configurator:resource-version': 2 } | 1:37: ':configurator:resource-version' has",
        "{ 'a': { 'x': 1 } } {}         | 1:21: there is something after",
        "{ 'a': { 'x': 1 }              | 1:",
        "{ 'a': { 'x': yes } }          | 1:",
      })
  void errorsNameThePlace(String json, String expected) throws IOException {
    Path file = write(json);
    TextException e = assertThrows(TextException.class, () -> ConfigurationJson.read(file));
    assertTrue(e.getMessage().startsWith(file + ":" + expected), e.getMessage());
  }

  @Test
  void anAssemblyNamesFilesAndItsOwnWordsWin() throws IOException {
    write("{ 'com.acme.A': { 'x': 1, 'y': 1, 'z': 1 } }");
    Files.writeString(dir.resolve("more.properties"), "com.acme.A/y = 2\ncom.acme.A/z = 2\n");
    Path assembly =
        Files.writeString(
            dir.resolve("assembly.txt"),
            """
            assembly 1
            config com.acme.A
              z 3
            configuration sentry.json
            configuration more.properties
            """);
    assertEquals(
        Map.of("com.acme.A", Map.of("x", 1L, "y", "2", "z", "3")),
        AssemblyReader.read(assembly).configuration());
    Files.writeString(assembly, "assembly 1\nconfiguration assembly.txt\n");
    TextException e = assertThrows(TextException.class, () -> AssemblyReader.read(assembly));
    assertTrue(e.getMessage().startsWith(assembly + ":2: a configuration is"), e.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> AssemblyFile.standard().withConfiguration(List.of("sentry.yaml")));
  }
}
