package org.usermem.mm.view;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.usermem.addr.AccessType;

/** Held to what the kernel of the host writes about this very process. */
class ProcTextTest {

  private static final Pattern LINE =
      Pattern.compile("(\\w+)-(\\w+) (...)([ps]) (\\w+) (\\w+):(\\w+) (\\d+) +(.*)");

  private static String hostFile(String name) throws IOException {
    return new String(Files.readAllBytes(Path.of("/proc/self", name)), StandardCharsets.ISO_8859_1);
  }

  private static VmaView parse(String line) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      throw new AssertionError(line);
    }
    String letters = matcher.group(3);
    int bits =
        (letters.contains("r") ? 1 : 0)
            | (letters.contains("w") ? 2 : 0)
            | (letters.contains("x") ? 4 : 0);
    long major = HexFormat.fromHexDigitsToLong(matcher.group(6));
    long minor = HexFormat.fromHexDigitsToLong(matcher.group(7));
    return new VmaView(
        HexFormat.fromHexDigitsToLong(matcher.group(1)),
        HexFormat.fromHexDigitsToLong(matcher.group(2)),
        AccessType.of(bits),
        matcher.group(4).equals("s"),
        HexFormat.fromHexDigitsToLong(matcher.group(5)),
        (major & 0xfff) << 8 | (minor & 0xff) | (minor & ~0xffL) << 12,
        Long.parseLong(matcher.group(8)),
        matcher.group(9),
        "",
        false,
        Residency.NONE);
  }

  @Test
  void mapsAreAsTheKernelWritesThem() throws IOException {
    String host = hostFile("maps");
    List<VmaView> areas = new ArrayList<>();
    host.lines().forEach(line -> areas.add(parse(line)));
    assertEquals(host, ProcText.maps(areas));
  }

  @Test
  void linesOfSmapsAreThoseOfTheKernel() throws IOException {
    VmaView area = parse("00400000-00402000 rw-p 00001000 08:01 7                          /a");
    assertEquals(
        labels(hostFile("smaps").lines().skip(1), "VmFlags"),
        labels(ProcText.smaps(List.of(area)).lines().skip(1), "VmFlags"));
    assertEquals(
        labels(hostFile("smaps_rollup").lines().skip(1), "Locked"),
        labels(ProcText.smapsRollup(List.of(area)).lines().skip(1), "Locked"));
  }

  /** Lines up to one that starts in a way, without their numbers. */
  private static List<String> labels(Stream<String> lines, String last) {
    List<String> result = new ArrayList<>();
    for (String line : lines.toList()) {
      if (line.startsWith(last)) {
        result.add(last);
        break;
      }
      String label = line.replaceAll("[0-9]", " ");
      result.add(label);
      assertEquals(line.startsWith("THP") ? 24 : 27, line.length(), line);
    }
    return result;
  }

  @Test
  void rollupNamesTheWholeSpace() throws IOException {
    VmaView first = parse("00400000-00402000 rw-p 00001000 08:01 7                          /a");
    VmaView last = parse("7f0000000000-7f0000001000 r--p 00000000 00:00 0 ");
    assertEquals(
        "00400000-7f0000001000 ---p 00000000 00:00 0 ".strip() + " ".repeat(73 - 43) + "[rollup]",
        ProcText.smapsRollup(List.of(first, last)).lines().findFirst().orElseThrow());
    assertEquals("", ProcText.smapsRollup(List.of()));
  }

  @Test
  void namesWithLineBreaksAreEscaped() {
    VmaView area = parse("00400000-00402000 rw-p 00001000 08:01 7                          /a");
    VmaView broken =
        new VmaView(
            area.start(),
            area.end(),
            area.access(),
            true,
            0,
            0x801,
            7,
            "/a\nb c",
            "",
            false,
            Residency.NONE);
    assertEquals(
        "00400000-00402000 rw-s 00000000 08:01 7" + " ".repeat(73 - 39) + "/a\\012b c\n",
        ProcText.maps(List.of(broken)));
  }

  @Test
  void residencyIsSplitAsTheKernelDoes() {
    Residency residency =
        new Residency(8192, 4096, 4096, 4096, 4096, 10240L << 12, 6144L << 12, 4096L << 12);
    VmaView area =
        new VmaView(
            0x400000,
            0x410000,
            AccessType.READ_WRITE,
            false,
            0,
            0,
            0,
            "",
            "rd wr ",
            true,
            residency);
    String text = ProcText.smaps(List.of(area));
    assertEquals(
        """
        00400000-00410000 rw-p 00000000 00:00 0 \n\
        Size:                 64 kB
        KernelPageSize:        4 kB
        MMUPageSize:           4 kB
        Rss:                  16 kB
        Pss:                  10 kB
        Pss_Dirty:             6 kB
        Shared_Clean:          4 kB
        Shared_Dirty:          4 kB
        Private_Clean:         4 kB
        Private_Dirty:         4 kB
        Referenced:           16 kB
        Anonymous:             8 kB
        """,
        text.substring(0, text.indexOf("KSM:")));
    assertEquals("VmFlags: rd wr ", text.lines().toList().getLast());
  }

  @Test
  void statusAndStatmAreAsTheKernelWritesThem() throws IOException {
    MemoryTotals totals =
        new MemoryTotals(
            400 << 10, 500 << 10, 0, 4 << 10, 8 << 10, 12 << 10, 40 << 10, 100 << 10, 132 << 10,
            24 << 10, 60 << 10, 40 << 10);
    List<String> expected =
        hostFile("status").lines().filter(line -> line.matches("(Vm|Rss).*")).toList();
    List<String> actual = ProcText.status(totals).lines().toList();
    assertEquals(
        expected.stream().map(line -> line.replaceAll("[0-9]", " ").replaceAll(" +", " ")).toList(),
        actual.stream().map(line -> line.replaceAll("[0-9]", " ").replaceAll(" +", " ")).toList());
    assertEquals("VmPeak:\t     500 kB", actual.getFirst());
    assertEquals("VmLib:\t      36 kB", actual.get(12));
    assertEquals("100 6 5 6 0 58 0\n", ProcText.statm(totals));
  }
}
