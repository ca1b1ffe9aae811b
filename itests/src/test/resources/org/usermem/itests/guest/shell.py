"""Talks to the shell of usermem through a terminal: shell.py COMMAND..., which starts it."""

import sys

from terminal import Terminal

PROMPT = 'usermem> '
UP = '\x1bOA'
LEFT = '\x1bOD'
GUEST = 'run /bin/busybox sh -c "while :; do sleep 0.1; done" &'


def talk(terminal):
    terminal.expect(PROMPT)
    # The tab key completes a command, and then what can come after it.
    terminal.type('he\t')
    terminal.expect('lp')
    terminal.type('pe\t')
    terminal.expect('ek')
    terminal.type('\r')
    terminal.expect(r'peek PID ADDRESS', 'Shows memory of a process', PROMPT)
    terminal.type(GUEST + '\r')
    terminal.expect(PROMPT)
    terminal.type('ps\r')
    # The line before comes back; it is asked until the guest has started.
    while terminal.expect(r'\b1 .*busybox|' + PROMPT) == PROMPT:
        terminal.type(UP + '\r')
    terminal.expect(PROMPT)
    # A line can be changed in the middle.
    terminal.type('mouns' + LEFT + 't\r')
    terminal.expect('/proc +.*proc', PROMPT)
    # Control-C gives a line up, and ends a command that goes on.
    terminal.type('nonsense\x03')
    terminal.expect('nonsense', PROMPT)
    terminal.type('trace all\r')
    terminal.expect(r'\[\d+\] \w+\(', r'\[\d+\] \w+\(')
    terminal.type('\x03')
    terminal.expect(PROMPT)
    terminal.type('nonsense\r')
    terminal.expect('nonsense', PROMPT)
    terminal.type('\x04')
    terminal.ends(0)


if __name__ == '__main__':
    try:
        talk(Terminal(*sys.argv[1:]))
    except AssertionError as e:
        sys.exit(str(e))
