package org.usermem.sentry.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A run that does without picocli; see {@link RunWords#read}. This class names nothing of it
 * either, because to verify a class can take the classes that it names.
 */
public final class PlainRun {

  private PlainRun() {}

  /**
   * Does what the command line asks for, if that is to run a program and no word of it leaves a
   * doubt.
   *
   * @param args the words after {@code usermem}
   * @return the exit code; empty if nothing was done, because it is for {@link UsermemCommand}
   */
  public static Optional<Integer> execute(String... args) {
    List<String> words = Arrays.asList(args);
    if (words.isEmpty() || !words.getFirst().equals("run")) {
      return Optional.empty();
    }
    Optional<GuestRun> run;
    try {
      run =
          RunWords.read(words.subList(1, words.size())).map(read -> new GuestRun(read, System.err));
    } catch (IllegalArgumentException e) {
      // Reported with the usage.
      return Optional.empty();
    }
    return run.map(GuestRun::execute);
  }
}
