"""Linux signals: their numbers, and what they do to a process that has no handler."""

from __future__ import annotations

NUMBERS = {
    'SIGHUP': 1,
    'SIGINT': 2,
    'SIGQUIT': 3,
    'SIGILL': 4,
    'SIGTRAP': 5,
    'SIGABRT': 6,
    'SIGBUS': 7,
    'SIGFPE': 8,
    'SIGKILL': 9,
    'SIGUSR1': 10,
    'SIGSEGV': 11,
    'SIGUSR2': 12,
    'SIGPIPE': 13,
    'SIGALRM': 14,
    'SIGTERM': 15,
    'SIGSTKFLT': 16,
    'SIGCHLD': 17,
    'SIGCONT': 18,
    'SIGSTOP': 19,
    'SIGTSTP': 20,
    'SIGTTIN': 21,
    'SIGTTOU': 22,
    'SIGURG': 23,
    'SIGXCPU': 24,
    'SIGXFSZ': 25,
    'SIGVTALRM': 26,
    'SIGPROF': 27,
    'SIGWINCH': 28,
    'SIGIO': 29,
    'SIGPWR': 30,
    'SIGSYS': 31,
}
"""The names that Go's package ``unix`` knows."""

# A stopped process neither ends nor does anything else that could be observed here.
_HARMLESS = frozenset(
    ('SIGCHLD', 'SIGCONT', 'SIGURG', 'SIGWINCH', 'SIGSTOP', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU')
)


def kills(name: str) -> bool:
    """Whether a signal ends a process that has no handler for it."""
    return name not in _HARMLESS


def exit_code(name: str) -> int:
    """The exit code that Pebble shows for a process that a signal ended."""
    return 128 + NUMBERS[name]
