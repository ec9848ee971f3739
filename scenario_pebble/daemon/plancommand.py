"""How a command is split into arguments: Pebble's shell-like lexer and its ``[ … ]`` group."""

from __future__ import annotations

import functools
from collections.abc import Sequence

_SPACE = ' \t\r\n'


@functools.lru_cache(maxsize=1024)
def split(command: str) -> tuple[str, ...]:
    """Split as a POSIX shell would, without expanding anything.

    Raises:
        ValueError: With the text of Pebble's error.
    """
    # Pebble: github.com/canonical/x-go/strutil/shlex
    words: list[str] = []
    position, end = 0, len(command)
    while position < end:
        char = command[position]
        if char in _SPACE:
            position += 1
        elif char == '#':
            newline = command.find('\n', position)
            position = end if newline < 0 else newline
        else:
            word, position = _word(command, position, end)
            words.append(word)
    return tuple(words)


def _word(command: str, position: int, end: int) -> tuple[str, int]:
    word = ''
    while position < end and command[position] not in _SPACE:
        char = command[position]
        position += 1
        if char == '\\':
            word += _escaped(command, position, end)
            position += 1
        elif char == "'":
            closing = command.find("'", position)
            if closing < 0:
                raise ValueError('EOF found when expecting closing quote')
            word += command[position:closing]
            position = closing + 1
        elif char == '"':
            quoted, position = _double_quoted(command, position, end)
            word += quoted
        else:
            word += char
    return word, position


def _double_quoted(command: str, position: int, end: int) -> tuple[str, int]:
    text = ''
    while position < end:
        char = command[position]
        position += 1
        if char == '"':
            return text, position
        if char == '\\':
            char = _escaped(command, position, end)
            position += 1
        text += char
    raise ValueError('EOF found when expecting closing quote')


def _escaped(command: str, position: int, end: int) -> str:
    if position >= end:
        raise ValueError('EOF found after escape character')
    return command[position]


@functools.lru_cache(maxsize=1024)
def parse(command: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Split a service's command into the base command and the default arguments inside ``[ … ]``.

    Raises:
        ValueError: With the text of Pebble's error.
    """
    base: list[str] = []
    extra: list[str] = []
    in_group = had_group = False
    for index, arg in enumerate(split(command)):
        if in_group:
            if arg == '[':
                raise ValueError('cannot nest [ ... ] groups')
            if arg == ']':
                in_group = False
            else:
                extra.append(arg)
        elif had_group:
            raise ValueError('cannot have any arguments after [ ... ] group')
        elif arg == '[':
            if index == 0:
                raise ValueError('cannot start command with [ ... ] group')
            in_group = had_group = True
        elif arg == ']':
            raise ValueError('cannot have ] outside of [ ... ] group')
        else:
            base.append(arg)
    return tuple(base), tuple(extra)


def by_service(arguments: Sequence[str]) -> dict[str, list[str]]:
    """What follows ``pebble run --args``: services' names and arguments, separated by ``;``."""
    # Pebble: cli/cmd_run.go convertArgs
    found: dict[str, list[str]] = {}
    words: list[str] = []
    for argument in (*arguments, ';'):
        if argument == ';':
            if words:
                found[words[0]] = words[1:]
            words = []
        else:
            words.append(argument)
    return found
