"""Drives a program through a terminal: terminal.py SCENARIO COMMAND...

The command runs a program in a sentry: `usermem run --`. What the program shows is waited for,
so that nothing depends on how long something takes; whoever waits for ten minutes has failed.
"""

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time

HANG_SECONDS = 600
PROMPT = r'\$ '


class Terminal:
    """A terminal with a program on it."""

    def __init__(self, *command):
        self.master, self.slave = os.openpty()
        self.resize(24, 80)
        self.before = termios.tcgetattr(self.slave)
        self.shown = b''
        self.unread = b''
        self.marks = 0
        environment = dict(os.environ, TERM='xterm', LC_ALL='C')
        self.program = subprocess.Popen(
            command, stdin=self.slave, stdout=self.slave, stderr=self.slave,
            env=environment, start_new_session=True, preexec_fn=take_terminal)

    def resize(self, rows, columns):
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack('4H', rows, columns, 0, 0))

    def type(self, text):
        os.write(self.master, text.encode())

    def expect(self, *patterns):
        """Waits until the program has shown something after what was expected before."""
        match = None
        for pattern in patterns:
            while not (match := re.search(pattern.encode(), self.unread)):
                self.read(f'{pattern!r} in {self.unread!r}')
            self.unread = self.unread[match.end():]
        return match and match.group().decode()

    def read(self, awaited):
        end = time.monotonic() + HANG_SECONDS
        while not select.select([self.master], [], [], 0.2)[0]:
            if self.program.poll() is not None or time.monotonic() > end:
                raise AssertionError(f'waited for {awaited} after {self.shown.decode()}')
        data = os.read(self.master, 4096)
        self.shown += data
        self.unread += data

    def enter(self, line, *patterns):
        self.type(line + '\n')
        self.expect(*patterns)

    def at_prompt(self):
        """Waits until the shell has nothing else to do or to say."""
        self.marks += 1
        self.enter(f'echo "="{self.marks}=', f'={self.marks}=\r\n', PROMPT)

    def until_raw(self):
        """Waits until the program's terminal has taken over from this one."""
        while termios.tcgetattr(self.slave)[3] & termios.ECHO:
            assert self.program.poll() is None, 'the program has ended'
            time.sleep(0.01)

    def ends(self, status):
        """Waits for the end of the program, which leaves the terminal as it was."""
        while self.program.poll() is None:
            if select.select([self.master], [], [], 0.2)[0]:
                self.shown += os.read(self.master, 4096)
        status_seen = self.program.returncode
        assert status_seen == status, f'{status_seen} after {self.shown.decode()}'
        assert termios.tcgetattr(self.slave) == self.before, 'the terminal is not as it was'


def take_terminal():
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)


def bash(run):
    terminal = Terminal(*run, 'env', 'PS1=$ ', 'bash', '--norc', '--noprofile', '--noediting', '-i')
    terminal.expect(PROMPT)
    return terminal


ON = "sh -c 'echo on; exec sleep 1000'"


def jobs(terminal):
    """Stops, continues, interrupts and kills jobs of a shell."""
    terminal.enter('echo $((6 * 7))', '\n42\r\n', PROMPT)
    terminal.enter(ON, '\non\r\n')
    terminal.type('\x03')
    terminal.expect(r'\^C', PROMPT)
    terminal.enter('echo =$?', '\n=130', PROMPT)
    terminal.enter(ON, '\non\r\n')
    terminal.type('\x1c')
    terminal.expect(r'\^\\', 'Quit', PROMPT)
    terminal.enter('cat', 'cat\r\n')
    terminal.enter('abc', 'abc\r\nabc\r\n')
    terminal.type('\x1a')
    terminal.expect('Stopped', PROMPT)
    terminal.enter('jobs', r'\[1\] ?\+ +Stopped +cat', PROMPT)
    terminal.enter('bg', r'\[1\].*cat', PROMPT)
    # It may not read in the background, and is stopped as it tries.
    terminal.enter('jobs')
    while terminal.expect('Running|Stopped') == 'Running':
        terminal.enter('jobs')
    terminal.at_prompt()
    terminal.enter('fg', 'fg\r\n', 'cat\r\n')
    terminal.enter('def', 'def\r\ndef\r\n')
    terminal.type('\x04')
    terminal.expect(PROMPT)
    terminal.enter(ON + ' &', r'&\r\n', r'\bon\r\n')
    terminal.at_prompt()
    terminal.enter('kill %1; wait; echo =$?', '\n=0\r\n', PROMPT)
    terminal.at_prompt()


def scenario_bash(run):
    terminal = bash(run)
    jobs(terminal)
    terminal.type('exit 7\n')
    terminal.ends(7)


def scenario_dash(run):
    terminal = Terminal(*run, 'env', '-u', 'ENV', 'PS1=$ ', 'dash', '-i')
    terminal.expect(PROMPT)
    jobs(terminal)
    terminal.type('\x04')
    terminal.ends(0)


def scenario_size(run):
    terminal = bash(run)
    terminal.enter('stty size', '\n24 80\r\n', PROMPT)
    terminal.enter(
        "sh -c 'trap \"stty size; exit 7\" WINCH; echo on; while :; do sleep 0.01; done'; echo =$?",
        '\non\r\n')
    terminal.resize(50, 132)
    terminal.expect('50 132\r\n=7\r\n', PROMPT)
    terminal.type('\x04')
    terminal.ends(0)


def scenario_editor(run):
    terminal = bash(run)
    terminal.enter('rm -f f; busybox vi f', '~.*- f')
    terminal.type('ihello')
    terminal.expect('hello')
    terminal.type('\x1b')
    terminal.expect('Modified')
    terminal.enter(':wq', "'f' 1L", PROMPT)
    terminal.enter('cat f; stty -a | grep -o " [-]*echo "', '\nhello\r\n echo', PROMPT)
    terminal.type('\x04')
    terminal.ends(0)


def scenario_pager(run):
    terminal = bash(run)
    terminal.enter('seq 1000 | busybox less', '22\r\n.*23\r\n')
    terminal.type(' ')
    terminal.expect('46')
    terminal.type('G')
    terminal.expect('1000')
    terminal.type('q')
    terminal.at_prompt()
    terminal.type('\x04')
    terminal.ends(0)


def scenario_interpreter(run):
    terminal = Terminal(*run, 'env', 'PYTHON_BASIC_REPL=1', 'python3', '-q')
    terminal.expect('>>> ')
    terminal.enter('print(6 * 7)', '42\r\n', '>>> ')
    terminal.enter('import time; print("o" + "n"); time.sleep(1000)', r'[^"]on\r\n')
    terminal.type('\x03')
    terminal.expect('KeyboardInterrupt', '>>> ')
    terminal.type('exit(3)\n')
    terminal.ends(3)


def scenario_program(run):
    terminal = Terminal(*run, 'sh', '-c', 'echo on; exec cat')
    terminal.expect('on\r\n')
    terminal.enter('abc', 'abc\r\nabc\r\n')
    terminal.type('\x04')
    terminal.ends(0)


def scenario_early(run):
    terminal = Terminal(*run, 'sleep', '1000')
    terminal.until_raw()
    terminal.type('\x03')
    terminal.ends(130)


def main():
    try:
        globals()['scenario_' + sys.argv[1]](sys.argv[2:])
    except AssertionError as e:
        sys.exit(str(e))


if __name__ == '__main__':
    main()
