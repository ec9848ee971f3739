"""The text of ``GET /v1/plan``: YAML exactly as go-yaml v3 writes it."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

from ..frozen import FrozenDict
from . import gotext, plandump, planscalar
from .plan import Plan

_ESCAPES = {
    '\0': '\\0',
    '\x07': '\\a',
    '\x08': '\\b',
    '\t': '\\t',
    '\n': '\\n',
    '\x0b': '\\v',
    '\x0c': '\\f',
    '\r': '\\r',
    '\x1b': '\\e',
    '"': '\\"',
    '\\': '\\\\',
    '\x85': '\\N',
    '\u2028': '\\L',
    '\u2029': '\\P',
}
# go-yaml: yamlprivateh.go is_printable, which leaves out all beyond the basic plane.  A set of the
# printable characters would say the same, and take ten times as long to compile.
_SPECIAL = re.compile('[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe-\U0010ffff]')
_BREAKS = '\r\n\x85\u2028\u2029'
_SPACE_BEFORE_BREAK = re.compile(f' [{_BREAKS}]')
_SPACE_AFTER_BREAK = re.compile(f'[{_BREAKS}] ')
_LONGEST_SIMPLE_KEY = 128


@functools.lru_cache(maxsize=512)
def plan_yaml(plan: Plan) -> str:
    """The combined plan as a YAML text; ``{}`` if it's empty."""
    sections = plandump.dump(plan)
    if not sections:
        return '{}\n'
    lines: list[str] = []
    for name, section in sections.items():
        lines.append(f'{name}:')
        _write_mapping(lines, section, 4)
    return '\n'.join(lines) + '\n'


def _write_mapping(lines: list[str], mapping: Mapping[str, Any], indent: int) -> None:
    margin = ' ' * indent
    # A FrozenDict is a Go map, which is written in natural order; a dict is a structure.
    keys = natural_order(mapping) if isinstance(mapping, FrozenDict) else mapping
    for key in keys:
        value = mapping[key]
        head = margin + _key(key, margin)
        if isinstance(value, dict):
            lines.append(head if value else f'{head} {{}}')
            _write_mapping(lines, cast('dict[str, Any]', value), indent + 4)
        elif isinstance(value, list):
            _write_list(lines, head, cast('list[str]', value), indent)
        else:
            lines.append(f'{head} {_scalar(value, indent)}')


def _write_list(lines: list[str], head: str, items: list[str], indent: int) -> None:
    if not items:
        lines.append(f'{head} []')
        return
    lines.append(head)
    margin = ' ' * (indent + 4)
    # A text inside a list item is indented by 2 against its dash.
    lines.extend(f'{margin}- {_scalar(item, indent + 2)}' for item in items)


def _key(key: str, margin: str) -> str:
    text = _string(key, is_key=True)
    if len(key.encode()) <= _LONGEST_SIMPLE_KEY and not any(char in _BREAKS for char in key):
        return f'{text}:'
    return f'? {text}\n{margin}:'


def _scalar(value: str | float, indent: int) -> str:
    if isinstance(value, str):
        if '\n' in value and _may_be_literal(value):
            return _literal(value, ' ' * (indent + 4))
        return _string(value)
    if isinstance(value, float):
        text = gotext.format_float(value)
        return {'+Inf': '.inf', '-Inf': '-.inf', 'NaN': '.nan'}.get(text, text)
    return str(value)


def _string(text: str, *, is_key: bool = False) -> str:
    """A string in the simplest style that keeps it a string."""
    # go-yaml: encode.go stringv, then emitterc.go yaml_emitter_analyze_scalar
    if '\n' in text or planscalar.needs_quotes(text):
        return _double_quoted(text)
    if _may_be_plain(text):
        return text
    if '\t' in text or _SPECIAL.search(text) or _is_broken_oddly(text):
        return _double_quoted(text)
    return "'" + text.replace("'", "''") + "'"


def _is_broken_oddly(text: str) -> bool:
    return bool(_SPACE_BEFORE_BREAK.search(text) or _SPACE_AFTER_BREAK.search(text))


def _may_be_plain(text: str) -> bool:
    first, followed_by_space = text[0], text[1:2] in ('', ' ', '\t')
    return not (
        text.startswith(('---', '...'))
        or first in '#,[]{}&*!|>\'"%@`'
        or (first in '?:-' and followed_by_space)
        or first == ' '
        or text[-1] in ' :'
        or ': ' in text
        or ':\t' in text
        or ' #' in text
        or '\t' in text
        or any(char in _BREAKS for char in text)
        or _SPECIAL.search(text)
    )


def _may_be_literal(text: str) -> bool:
    return not (text[-1] == ' ' or _SPACE_BEFORE_BREAK.search(text) or _SPECIAL.search(text))


def _literal(text: str, margin: str) -> str:
    # go-yaml: emitterc.go yaml_emitter_write_block_scalar_hints
    hints = '4' if text[0] in ' \n' else ''
    if not text.endswith('\n'):
        hints += '-'
    elif text == '\n' or text.endswith('\n\n'):
        hints += '+'
    lines = text.removesuffix('\n').split('\n')
    if text[0] == '\n':
        del lines[0]  # go-yaml loses the first of leading newlines
    return '|' + hints + ''.join('\n' + (margin + line if line else '') for line in lines)


def _double_quoted(text: str) -> str:
    return '"' + ''.join(map(_quoted_char, text)) + '"'


def _quoted_char(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if not _SPECIAL.match(char):
        return char
    code = ord(char)
    if code <= 0xFF:
        return f'\\x{code:02X}'
    return f'\\u{code:04X}' if code <= 0xFFFF else f'\\U{code:08X}'


def natural_order(keys: Iterable[str]) -> list[str]:
    """Sort names as go-yaml sorts the keys of a map: digits by their value, before letters."""
    return sorted(keys, key=functools.cmp_to_key(_compare))


def _compare(one: str, other: str) -> int:
    # go-yaml: sorter.go
    if one == other:
        return 0
    after_digit = False
    for at, (a, b) in enumerate(zip(one, other, strict=False)):
        if a == b:
            after_digit = a.isdecimal()
            continue
        a_letter, b_letter = a.isalpha(), b.isalpha()
        if a_letter and b_letter:
            return -1 if a < b else 1
        if a_letter or b_letter:
            is_less = a_letter if after_digit else b_letter
            return -1 if is_less else 1
        return _compare_numbers(one, other, at)
    return -1 if len(one) < len(other) else 1


def _compare_numbers(one: str, other: str, at: int) -> int:
    lead = ''
    if '0' in (one[at], other[at]):
        before = ''.join(itertools.takewhile(str.isdecimal, reversed(one[:at])))
        lead = '1' if before.strip('0') else ''
    digits, other_digits = _digits(one, at), _digits(other, at)
    a = (int(lead + digits or '0'), len(digits), one[at])
    b = (int(lead + other_digits or '0'), len(other_digits), other[at])
    return -1 if a < b else 1


def _digits(text: str, at: int) -> str:
    return ''.join(itertools.takewhile(str.isdecimal, text[at:]))
