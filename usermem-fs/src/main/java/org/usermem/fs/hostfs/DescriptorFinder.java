package org.usermem.fs.hostfs;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the number of the descriptor behind a channel, which Java does not tell.
 *
 * <p>The channel, of a directory, gets a random position; the descriptor that shows the same
 * position in {@code /proc/self/fdinfo} is its own. Nothing else sets positions of directories to
 * random numbers, so no other descriptor, of whoever shares the JVM, is ever taken for it.
 *
 * <p>Thread safety: all methods may be called by any thread.
 */
final class DescriptorFinder {

  private static final Path INFO = Path.of("/proc/self/fdinfo");
  private static final Pattern POSITION = Pattern.compile("^pos:\\s*(\\d+)", Pattern.MULTILINE);

  /** How far beyond the numbers that are known to be in use to look. */
  private static final int MARGIN = 256;

  // Nobody wins anything by guessing: the numbers are to be no one else's by chance.
  private final SplittableRandom random = new SplittableRandom();

  // Numbers not worth a look at first; guarded by this. Wrong ones cost time and nothing else.
  private final BitSet inUse = new BitSet();

  /**
   * A number that was found.
   *
   * @param number the number of the descriptor
   * @param passed numbers of others that were seen on the way for the first time
   */
  record Found(int number, BitSet passed) {}

  /**
   * Returns the number of the descriptor behind a channel.
   *
   * @param channel a channel of a directory, used by nobody yet
   * @throws IOException if it can't be found, because there is no /proc or the file system of the
   *     directory does not keep positions
   */
  synchronized Found find(FileChannel channel) throws IOException {
    long position = random.nextLong(1, Integer.MAX_VALUE);
    channel.position(position);
    BitSet passed = new BitSet();
    int number = search(position, passed);
    if (number < 0) {
      // What was in use may have been closed by others and given to us.
      inUse.clear();
      passed.clear();
      number = search(position, passed);
    }
    if (number < 0) {
      throw new IOException("the descriptor of a host directory is not in " + INFO);
    }
    inUse.set(number);
    inUse.or(passed);
    return new Found(number, passed);
  }

  private int search(long position, BitSet passed) throws IOException {
    int end = inUse.length() + MARGIN;
    for (int number = inUse.nextClearBit(0);
        number < end;
        number = inUse.nextClearBit(number + 1)) {
      String info;
      try {
        info = Files.readString(INFO.resolve(Integer.toString(number)));
      } catch (IOException e) {
        // Closed by others: before the look, or between opening and reading the information.
        continue;
      }
      Matcher matcher = POSITION.matcher(info);
      if (matcher.find() && matcher.group(1).equals(Long.toString(position))) {
        return number;
      }
      passed.set(number);
      end = Math.max(end, number + MARGIN);
    }
    return -1;
  }

  /** Takes note that descriptors were closed. */
  synchronized void closed(Found found) {
    inUse.clear(found.number());
    inUse.andNot(found.passed());
  }
}
