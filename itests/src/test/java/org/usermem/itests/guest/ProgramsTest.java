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
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.usermem.itests.Execution;

/** Scripts with real programs do in a sentry what they do on the host. */
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
        "ls -la /usr /etc | sha256sum; du -s /usr/bin;"
            + " find /usr/include -name '*.h' | sort | xargs cat | wc",
        "seq 1 100000 | sed 's/7/x/g' | grep x | awk '{ n += length($0) } END { print n, NR }'",
        "mkdir d; seq 1000 > d/a; tar cf - d | gzip -n | gzip -d | tar tf -; xz -c d/a | xz -dc |"
            + " cmp - d/a",
        "truncate -s 1M holes; cp holes copy; head -c 1M /dev/urandom > full; for f in holes copy"
            + " full; do test $(stat -c %b $f) -ge 2048; echo $?; done",
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
        "kill -SEGV $$",
        "lscpu | grep -E '^(Architecture|Byte Order|CPU.s.):' | tr -s ' '",
        """
        cat <<END | tr a-z A-Z
        $HOME and `echo more`
        END
        trap 'echo exit' EXIT; trap 'echo term' TERM; kill -TERM $$
        (exit 3); echo $?; sleep 0.1 & wait $!; echo $?; sh -c 'kill -9 $$'; echo $?
        """,
        """
        sqlite3 b.db '
        pragma journal_mode = wal;
        create table t(a integer primary key, b text);
        with recursive c(x) as (select 1 union all select x + 1 from c where x < 200000)
        insert into t select x, hex(x) from c;
        select sum(a), count(distinct b) from t;
        pragma integrity_check;'; ls b.db*
        """,
        """
        python3 -c '
        import mmap, os, signal, threading
        done = []
        threads = [threading.Thread(target=done.append, args=(i,)) for i in range(50)]
        for each in threads: each.start()
        for each in threads: each.join()
        print(sorted(done))
        open("f", "wb").write(b"x" * 10000)
        with open("f", "r+b") as file:
            m = mmap.mmap(file.fileno(), 0); m[9990:] = b"y" * 10; m.flush(); m.close()
        print(open("f", "rb").read()[-12:])
        signal.signal(signal.SIGALRM, lambda *a: print("alarm"))
        signal.setitimer(signal.ITIMER_REAL, 0.2); signal.pause()'
        """,
        """
        printf 'int f(int); int g(int); int main(void) { return f(1) + g(2); }' > a.c
        printf 'int f(int x) { return x + 1; }' > b.c; printf 'int g(int x) { return x * 3; }' > c.c
        printf 'p: a.o b.o c.o\n\tcc -o p a.o b.o c.o\n' > Makefile
        make; ./p; echo $?; make
        """,
        """
        git init -q r; cd r
        for i in 1 2 3 4; do seq $i 1000 > f; git add f
        git -c user.name=n -c user.email=e commit -q --date=2020-01-01T00:00Z -m $i; done
        git gc -q; git fsck; git log --format=%s; git diff HEAD~2 | sha256sum
        """,
        "openssl speed -seconds 1 -bytes 1024 sha256 2>/dev/null | grep -c '^sha256'",
        Path.of(System.getProperty("java.home"), "bin", "java") + " -version",
        "diff -r /usr/include/linux /usr/include/asm-generic | sha256sum; diff -rq /etc/apt"
            + " /etc/apt",
        """
        perl -MPOSIX -MFile::Find -MStorable=dclone -e '
        find(sub { $n++ if /[.]h$/ }, "/usr/include/linux"); print "$n ", dclone([1, 2])->[1], "\n";
        my $p = fork; exit 3 if !$p; waitpid($p, 0); print $? >> 8, "\n";
        $SIG{ALRM} = sub { print "alarm\n" }; alarm 1; select(undef, undef, undef, 30)'
        """,
        """
        find /etc/apt -type f -exec basename {} \\; | sort | sha256sum
        find /usr/include -name 's*.h' | sort | xargs -P 4 -n 20 cat | wc -c
        """,
        """
        b=busybox
        $b seq 100 | $b awk '{ s += $1 } END { print s }'; $b sha1sum /etc/passwd
        $b tar cf - /etc/apt 2>/dev/null | $b tar tf - | $b sort | $b md5sum
        $b dd if=/dev/zero bs=1k count=10 2>/dev/null | $b wc -c; $b expr 3 + 4; $b nproc
        echo abc | $b sed s/b/X/; $b env -i A=1 $b env; $b stat -c %s /etc/passwd; $b id
        $b timeout 1 $b sleep 5; echo $?; $b gzip -c /etc/passwd | $b gunzip -c | $b cmp - /etc/passwd
        for a in ash awk bc cat cp cut date dd diff du ed find grep head id ls mkdir mv od \
            patch ps rm sed sh sort split stat tail tar tee tr uniq wc xargs xz; do
          $b $a --help >o 2>&1; echo $a $?
        done
        """);
  }

  static Stream<Arguments> scriptsOnPlatforms() {
    return Stream.of("systrap", "ptrace")
        .flatMap(platform -> scripts().map(script -> Arguments.of(platform, script)));
  }

  @ParameterizedTest
  @MethodSource("scriptsOnPlatforms")
  void aScriptDoesWhatItDoesOnTheHost(String platform, String script) throws IOException {
    Path here = Files.createDirectory(directory.resolve("host"));
    Path there = Files.createDirectory(directory.resolve("guest"));
    Execution expected = Execution.of(here, "/bin/sh", "-c", script);
    Execution actual =
        Guest.run(
            there,
            List.of("--platform", platform, "--workdir", there.toString()),
            "/bin/sh",
            "-c",
            script);
    assertEquals(expected, actual);
  }
}
