package org.usermem.itests.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.usermem.itests.Execution;

/**
 * Scripts with real programs do in a sentry what they do on the host. The totals of {@code ls} are
 * left out: Java says how long a file is, not how many blocks it takes.
 */
@Tag("slow")
class ProgramsTest {

  @TempDir private Path directory;

  static Stream<String> scripts() {
    return Stream.of(
        "busybox ls /usr; busybox seq 10 | busybox sort -n | busybox tail -3; busybox id",
        "for i in 1 2 3; do echo $i; done | while read a; do echo $((a * a)); done; false || exit"
            + " 5",
        "bash -c 'trap \"echo got\" USR1; kill -USR1 $$; sleep 0.1 & wait; echo ${BASH##*/}"
            + " {a,b}{1,2}'",
        "ls -la /usr /etc | grep -v ^total | sha256sum;"
            + " find /usr/include -name '*.h' | sort | xargs cat | wc",
        "seq 1 100000 | sed 's/7/x/g' | grep x | awk '{ n += length($0) } END { print n, NR }'",
        "mkdir d; seq 1000 > d/a; tar cf - d | gzip -n | gzip -d | tar tf -; xz -c d/a | xz -dc |"
            + " cmp - d/a",
        "sqlite3 t.db 'create table t(a); insert into t values(1),(2),(3); select sum(a) from t';"
            + " echo $?",
        "perl -e 'my %h = map { $_ => $_ ** 2 } 1 .. 9; print join(\",\", map { $h{$_} } sort keys"
            + " %h)'",
        "python3 -c 'import json, os, subprocess; print(json.dumps([os.getuid(),"
            + " subprocess.run([\"false\"]).returncode]))'",
        "python3 -c 'import multiprocessing as m; print(m.get_context(\"fork\").Pool(2).map(abs,"
            + " range(-5, 0)))'",
        "python3 -c 'import os, pty; pid, fd = pty.fork(); pid or"
            + " (os.write(os.open(\"/dev/tty\", os.O_RDWR), b\"by name\"), os._exit(3));"
            + " print(os.read(fd, 100), os.waitpid(pid, 0)[1])'",
        "openssl sha512 /etc/passwd; git --version",
        "printf 'int main(int n, char **v) { return n; }' > t.c; printf 't: t.c\\n"
            + "\\t@gcc -o t t.c\\n"
            + "' > Makefile; make; ./t a b; echo $?",
        "git init -q r; cd r; echo a > a; git add a; git -c user.name=n -c user.email=e commit -q"
            + " --date=2020-01-01T00:00Z -m one; git status --short; git log --format=%s; git fsck",
        "kill -SEGV $$");
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void aScriptDoesWhatItDoesOnTheHost(String script) throws IOException {
    Path here = Files.createDirectory(directory.resolve("host"));
    Path there = Files.createDirectory(directory.resolve("guest"));
    Execution expected = Execution.of(here, "/bin/sh", "-c", script);
    Execution actual =
        Guest.run(there, List.of("--workdir", there.toString()), "/bin/sh", "-c", script);
    assertEquals(expected, actual);
  }
}
