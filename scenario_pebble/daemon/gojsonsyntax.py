"""What Go finds at the beginning of a JSON text: one value, or the first error in its syntax."""

from __future__ import annotations

import codecs
import json
import re
from typing import Any, NoReturn, cast

from . import gotext

_SPACE = re.compile(r'[ \t\r\n]*')
_NUMBER = re.compile(r'-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?')
_NUMBER_BEGUN = re.compile(
    r'-(?![0-9])'
    r'|-?(?:0|[1-9][0-9]*)(?:\.(?![0-9])|(?:\.[0-9]+)?[eE](?:[+-](?![0-9])|(?![0-9+-])))'
)
_PLAIN = re.compile(r'[^"\\\x00-\x1f]*')
_ESCAPE = re.compile(r'\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})')
_ESCAPE_CUT = re.compile(r'\\(?:u[0-9a-fA-F]{0,3})?\Z')
_LONE_SURROGATE = re.compile('[\ud800-\udfff]')
_LITERALS = {'n': 'null', 't': 'true', 'f': 'false'}


class SyntaxError(Exception):
    """The text isn't JSON; the message is Go's."""


class Number(str):
    """A number's source text."""


class Pairs(list[tuple[str, Any]]):
    """An object: its keys and values as they come, duplicates included."""


def _each_byte(error: UnicodeError) -> tuple[str, int]:
    error = cast('UnicodeDecodeError', error)
    return '\ufffd' * (error.end - error.start), error.end


codecs.register_error('scenario_pebble.go', _each_byte)


def decode_text(data: bytes) -> str:
    """UTF-8 as Go's JSON encoder and decoder read it: each invalid byte on its own is replaced."""
    return data.decode('utf-8', 'scenario_pebble.go')


def _pairs(pairs: list[tuple[str, Any]]) -> Pairs:
    return Pairs([(whole(key), value) for key, value in pairs])


def whole(text: str) -> str:
    """A string without halves of surrogate pairs, which Go replaces."""
    return text if text.isascii() else _LONE_SURROGATE.sub('\ufffd', text)


def _refuse_constant(text: str) -> NoReturn:
    raise ValueError(text)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_pairs,
    parse_int=Number,
    parse_float=Number,
    parse_constant=_refuse_constant,
)


def first_value(data: bytes) -> Any:
    """The first value of a text; what follows it is ignored, as Go's Decoder does.

    Raises:
        SyntaxError: With Go's message.
    """
    text = decode_text(data)
    start = _skip_space(text, 0)
    if start == len(text):
        raise SyntaxError('EOF')
    try:
        return _DECODER.raw_decode(text, start)[0]
    except (ValueError, RecursionError):
        # A byte that isn't UTF-8 is shown in the error.
        _Checker(data.decode('utf-8', 'surrogateescape')).check()
        raise SyntaxError('exceeded max depth') from None


def member_sizes(data: bytes) -> list[tuple[str, int]]:
    """The keys of an object that is valid, and how many bytes the text of each value has."""
    text = data.decode('utf-8', 'surrogateescape')
    checker = _Checker(text)
    position = _skip_space(text, checker.skip_space() + 1)
    sizes: list[tuple[str, int]] = []
    while text[position] != '}':
        checker.position = position
        checker.string()
        key = json.loads(text[position : checker.position], strict=False)
        start = _skip_space(text, _skip_space(text, checker.position) + 1)
        checker.position = start
        checker.check()
        end = checker.position
        sizes.append((whole(key), len(text[start:end].encode('utf-8', 'surrogateescape'))))
        position = _skip_space(text, end)
        if text[position] == ',':
            position = _skip_space(text, position + 1)
    return sizes


def _skip_space(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


class _Checker:
    """Reads one value by Go's grammar, without recursion, and raises Go's error."""

    # Go: encoding/json/jsontext/decode.go, and the older words of encoding/json/v2_scanner.go

    def __init__(self, text: str):
        self._text = text
        self.position = 0

    def skip_space(self) -> int:
        self.position = _skip_space(self._text, self.position)
        return self.position

    def _char(self) -> str:
        if self.position >= len(self._text):
            raise SyntaxError('unexpected EOF')
        return self._text[self.position]

    def _refuse(self, where: str) -> NoReturn:
        raise SyntaxError(f'invalid character {_quoted(self._char())} {where}')

    def check(self) -> None:
        """Read one value."""
        open_brackets: list[str] = []
        while True:
            self.skip_space()
            opened = self._char()
            if opened in '{[':
                self.position += 1
                self.skip_space()
                if self._char() != ('}' if opened == '{' else ']'):
                    open_brackets.append(opened)
                    self._member_key(opened)
                    continue
                self.position += 1
            else:
                self._scalar(opened)
            if not self._next_member(open_brackets):
                return

    def _next_member(self, open_brackets: list[str]) -> bool:
        """Go on to the next value in the open brackets; False if there is none any more."""
        while open_brackets:
            opened = open_brackets[-1]
            self.skip_space()
            char = self._char()
            if char == ',':
                self.position += 1
                self.skip_space()
                self._member_key(opened)
                return True
            if char != ('}' if opened == '{' else ']'):
                where = 'object key:value pair' if opened == '{' else 'array element'
                self._refuse(f'after {where}')
            self.position += 1
            open_brackets.pop()
        return False

    def _member_key(self, opened: str) -> None:
        if opened == '[':
            return
        if self._char() != '"':
            self._refuse('looking for beginning of object key string')
        self.string()
        self.skip_space()
        if self._char() != ':':
            self._refuse('after object key')
        self.position += 1

    def _scalar(self, char: str) -> None:
        if char == '"':
            self.string()
        elif char in '-0123456789':
            self._number()
        elif char in _LITERALS:
            for expected in _LITERALS[char]:
                if self._char() != expected:
                    self._refuse(f"in literal {_LITERALS[char]} (expecting '{expected}')")
                self.position += 1
        else:
            self._refuse('looking for beginning of value')

    def _number(self) -> None:
        if begun := _NUMBER_BEGUN.match(self._text, self.position):
            self.position = begun.end()
            self._refuse('in numeric literal')
        number = _NUMBER.match(self._text, self.position)
        self.position = number.end() if number else self.position

    def string(self) -> None:
        """Read a string."""
        self.position += 1
        while True:
            plain = _PLAIN.match(self._text, self.position)
            self.position = plain.end() if plain else self.position
            char = self._char()
            if char == '"':
                self.position += 1
                return
            if char != '\\':
                self._refuse('in string')
            self._escape()

    def _escape(self) -> None:
        if escape := _ESCAPE.match(self._text, self.position):
            self.position = escape.end()
            return
        if _ESCAPE_CUT.match(self._text, self.position):
            raise SyntaxError('unexpected EOF')
        length = 6 if self._text[self.position + 1] == 'u' else 2
        shown = self._text[self.position : self.position + length]
        if '`' in shown or not shown.isprintable() or ' ' in shown:
            raise SyntaxError(f'invalid escape sequence {gotext.quote(shown)} in string')
        raise SyntaxError(f'invalid escape sequence `{shown}` in string')


def _quoted(char: str) -> str:
    """A character as Go's ``%q`` prints a rune."""
    if '\udc80' <= char <= '\udcff':
        return f"'\\x{ord(char) - 0xDC00:02x}'"
    if char == "'":
        return r"'\''"
    return f"'{char}'" if char == '"' else f"'{gotext.quote(char)[1:-1]}'"
