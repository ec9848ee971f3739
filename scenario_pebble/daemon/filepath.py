"""Paths as text, by the rules of Go's package ``path``."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence


class BadPattern(ValueError):
    """A pattern that Go can't use."""

    def __init__(self) -> None:
        super().__init__('syntax error in pattern')


@functools.lru_cache(maxsize=1024)
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


@functools.lru_cache(maxsize=1024)
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
    chunks, at = [''], 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char == '*':
            chunks.append('')
        elif char == '?':
            chunks[-1] += '[^/]'
        elif char == '[':
            chars, at = _class(pattern, at)
            chunks[-1] += chars
        elif char == '\\':
            if at == len(pattern):
                raise BadPattern
            chunks[-1] += re.escape(pattern[at])
            at += 1
        else:
            chunks[-1] += re.escape(char)
    return re.compile(_with_stars(chunks), re.DOTALL)


def _with_stars(chunks: Sequence[str]) -> str:
    """An expression for chunks with a star between each two."""
    first, *inner = chunks
    if not inner:
        return first
    # The first place where an inner chunk fits is as good as any.  Trying others, as a plain
    # expression would, may take for ever.
    found = ''.join(
        f'(?=(?P<_{number}>[^/]*?{chunk}))(?P=_{number})'
        for number, chunk in enumerate(inner[:-1])
    )
    return f'{first}{found}[^/]*{inner[-1]}'


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
