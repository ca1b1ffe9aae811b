import java.io.Writer;
import org.usermem.sentry.SentryProcessBuilder;

/** Sorts numbers with the host's sort, in a sandbox. */
public class Sandbox {

  public static void main(String[] args) throws Exception {
    Process sort = new SentryProcessBuilder("sort", "-n").memory(256 << 20).start();
    try (Writer out = sort.outputWriter()) {
      out.write("10\n9\n");
    }
    sort.inputReader().lines().forEach(System.out::println);
    System.exit(sort.waitFor());
  }
}
