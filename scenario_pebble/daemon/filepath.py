"""Paths as text, by the rules of Go's package ``path``."""

from __future__ import annotations

import functools
import re


class BadPattern(ValueError):
    """A pattern that Go can't use."""

    def __init__(self) -> None:
        super().__init__('syntax error in pattern')


def clean(path: str) -> str:
    """The shortest equal path, by text alone: ``/a/../b//c/.`` is ``/b/c``."""
    rooted = path.startswith('/')
    kept: list[str] = []
    for part in path.split('/'):
        if part in ('', '.'):
            continue
        if part != '..':
            kept.append(part)
        elif kept and kept[-1] != '..':
            kept.pop()
        elif not rooted:
            kept.append(part)
    return ('/' if rooted else '') + '/'.join(kept) or '.'


def directory(path: str) -> str:
    """All but the last name, cleaned; a path that ends with a slash is its own directory."""
    return clean(path.rpartition('/')[0] + '/' if '/' in path else '')


def base(path: str) -> str:
    """The last name; slashes at the end don't count."""
    if not path:
        return '.'
    return path.rstrip('/').rpartition('/')[2] or '/'


def join(directory: str, name: str) -> str:
    """The cleaned path of *name* in *directory*."""
    return clean(f'{directory}/{name}')


@functools.lru_cache(maxsize=64)
def matcher(pattern: str) -> re.Pattern[str]:
    """A regular expression for what Go's ``path.Match`` accepts: all of a name, without slashes.

    Raises:
        BadPattern: If the pattern is malformed.
    """
    expression, at = '', 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char == '*':
            expression += '[^/]*'
        elif char == '?':
            expression += '[^/]'
        elif char == '[':
            chars, at = _class(pattern, at)
            expression += chars
        elif char == '\\':
            if at == len(pattern):
                raise BadPattern
            expression += re.escape(pattern[at])
            at += 1
        else:
            expression += re.escape(char)
    return re.compile(expression, re.DOTALL)


def _class(pattern: str, at: int) -> tuple[str, int]:
    negated = pattern[at : at + 1] == '^'
    at += negated
    ranges: list[tuple[str, str]] = []
    while pattern[at : at + 1] != ']' or not ranges:
        low, at = _bound(pattern, at)
        high = low
        if pattern[at : at + 1] == '-':
            high, at = _bound(pattern, at + 1)
        ranges.append((low, high))
    # An empty range, such as [b-a], is no error: it matches nothing.
    inside = ''.join(f'{re.escape(a)}-{re.escape(b)}' for a, b in ranges if a <= b)
    if not inside:
        return ('.' if negated else '(?!)'), at + 1
    return f'[{"^" if negated else ""}{inside}]', at + 1


def _bound(pattern: str, at: int) -> tuple[str, int]:
    # Go: path/match.go getEsc
    if pattern[at : at + 1] in ('', '-', ']'):
        raise BadPattern
    if pattern[at] == '\\':
        at += 1
        if at == len(pattern):
            raise BadPattern
    if at + 1 == len(pattern):
        raise BadPattern
    return pattern[at], at + 1
