"""Where does an observation differ from what the recording expects?

Both sides are JSON-like values in the form that ``recordings`` have: recent timestamps are
``{"~time": seconds}``, random names and ports are placeholders.  `Normaliser` brings a fresh
observation into this form.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

TOLERANCE = 0.35
"""Seconds by which two times may differ, as in the real daemon's own recordings."""
RECENT = 600
"""A timestamp within as many seconds of the start is the daemon's; others came with a request."""

_TIMESTAMP = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)')
_SHOWN = 160


@dataclasses.dataclass(frozen=True)
class Difference:
    """One place at which the daemon answered something else."""

    path: str
    expected: str
    got: str
    note: str = ''

    def __str__(self) -> str:
        place = f'at {self.path}' if self.path else 'in the answer as a whole'
        return f'{place} expected {self.expected}, got {self.got}{self.note}'


def seconds_of(timestamp: str) -> float:
    """An RFC 3339 timestamp with up to nine decimals, in seconds since the epoch."""
    whole, _, rest = timestamp.partition('.')
    digits = re.match(r'\d*', rest)
    fraction = digits[0] if digits else ''
    zone = rest[len(fraction) :] if fraction else ''
    text = (whole + zone).replace('Z', '+00:00')
    return datetime.datetime.fromisoformat(text).timestamp() + float(f'0.{fraction or 0}')


class Normaliser:
    """Brings observations into the recordings' form.

    Args:
        start: When the daemon was ready, in seconds since the epoch.
    """

    def __init__(self, start: float):
        self._start = start

    def __call__(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._string(value)
        if isinstance(value, Mapping):
            return self._mapping(cast('Mapping[str, Any]', value))
        if isinstance(value, (list, tuple)):
            return [self(item) for item in cast('Sequence[Any]', value)]
        return value

    def _string(self, text: str) -> Any:
        if _TIMESTAMP.fullmatch(text) and self._is_recent(text):
            return {'~time': round(seconds_of(text) - self._start, 2)}
        text = re.sub(r'(127\.0\.0\.1|\[::1\]):\d+->', r'\1:<port>->', text)
        text = _TIMESTAMP.sub(lambda m: '<time>' if self._is_recent(m[0]) else m[0], text)
        return re.sub(r'\.\d+~', '.<random>~', text)

    def _mapping(self, value: Mapping[str, Any]) -> dict[str, Any]:
        result = {self._string(k): self(v) for k, v in value.items()}
        if 'boot-id' in result:
            result['boot-id'] = '<boot-id>'
        if isinstance(result.get('last-modified'), dict):
            result['last-modified']['precision'] = 1
        return result

    def _is_recent(self, timestamp: str) -> bool:
        return abs(seconds_of(timestamp) - self._start) < RECENT


def lookup(value: Any, path: str) -> Any:
    """What is at a dotted path such as ``body.result.0.status``; None if nothing is."""
    found = value
    for part in path.split('.'):
        try:
            found = found[int(part) if isinstance(found, list) else part]
        except (KeyError, IndexError, TypeError, ValueError):
            return None
    return found


def edit(value: Any, path: str, change: Callable[[Any], Any]) -> None:
    """Replace what is at a dotted path, if something is."""
    above, _, key = path.rpartition('.')
    parent = lookup(value, above) if above else value
    if parent is not None and lookup(value, path) is not None:
        parent[int(key) if isinstance(parent, list) else key] = change(lookup(value, path))


def as_set(items: list[Any]) -> dict[str, Any]:
    """A list in random order, sorted by what doesn't depend on times."""
    return {'~set': sorted(items, key=_timeless)}


def anything(_: Any) -> dict[str, Any]:
    """What a case asks to ignore."""
    return {'~any': True}


def summary(value: str | list[Any]) -> dict[str, Any]:
    """Count, first and last of something too long to be kept."""
    items = value.splitlines() if isinstance(value, str) else value
    return {'count': len(items), 'first': items[0], 'last': items[-1]} if items else {'count': 0}


def first_difference(
    expected: Any, found: Any, shift: float = 0.0, path: str = ''
) -> Difference | None:
    """The first place where *found* isn't what a recording expects.

    Args:
        expected: From the recording.
        found: A normalised observation.
        shift: How many seconds later than in the recording the step began.
        path: Where in the answer both are.
    """
    if isinstance(expected, dict):
        return _different_mappings(cast('dict[str, Any]', expected), found, shift, path)
    if isinstance(expected, list):
        return _different_lists(cast('list[Any]', expected), found, shift, path)
    if type(expected) is type(found) and expected == found:
        return None
    if isinstance(expected, str) and isinstance(found, str):
        return _different_texts(expected, found, path)
    return Difference(path, _shown(expected), _shown(found))


def _different_mappings(
    expected: dict[str, Any], found: Any, shift: float, path: str
) -> Difference | None:
    if '~any' in expected:
        return None
    if '~time' in expected:
        return _different_times(expected, found, shift, path)
    if not isinstance(found, dict):
        return Difference(path, _shown(expected), _shown(found))
    for key, value in expected.items():
        where = f'{path}.{key}' if path else key
        if key not in found:
            return Difference(where, _shown(value), 'nothing')
        if difference := first_difference(value, found[key], shift, where):
            return difference
    for key in cast('dict[str, Any]', found):
        if key not in expected:
            return Difference(f'{path}.{key}' if path else key, 'nothing', _shown(found[key]))
    return None


def _different_lists(
    expected: list[Any], found: Any, shift: float, path: str
) -> Difference | None:
    if not isinstance(found, list):
        return Difference(path, _shown(expected), _shown(found))
    items = cast('list[Any]', found)
    for number, (one, other) in enumerate(zip(expected, items, strict=False)):
        where = f'{path}.{number}' if path else str(number)
        if difference := first_difference(one, other, shift, where):
            if len(expected) != len(items):
                note = f' (and {len(items)} items where {len(expected)} are expected)'
                return dataclasses.replace(difference, note=note)
            return difference
    if len(expected) > len(items):
        return Difference(f'{path}.{len(items)}', _shown(expected[len(items)]), 'nothing')
    if len(items) > len(expected):
        return Difference(f'{path}.{len(expected)}', 'nothing', _shown(items[len(expected)]))
    return None


def _different_times(
    expected: dict[str, Any], found: Any, shift: float, path: str
) -> Difference | None:
    wanted = expected['~time']
    if not isinstance(found, dict) or '~time' not in found:
        return Difference(path, f'about {wanted} s', _shown(found))
    at = cast('dict[str, float]', found)['~time']
    late = at - wanted
    # A little is added for the rounding of both sides to hundredths.
    limit = TOLERANCE + expected.get('precision', 0) + 1e-6
    if min(abs(late), abs(late - shift)) <= limit:
        return None
    return Difference(path, f'about {wanted} s', f'{at} s')


def _different_texts(expected: str, found: str, path: str) -> Difference:
    """Two texts, cut to the surroundings of their first different character."""
    same = 0
    while same < min(len(expected), len(found)) and expected[same] == found[same]:
        same += 1
    begin = max(0, same - 60) if max(len(expected), len(found)) > _SHOWN else 0
    note = f' (from character {begin} on)' if begin else ''
    return Difference(path, _shown(expected[begin:]), _shown(found[begin:]), note)


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= _SHOWN else f'{text[: _SHOWN - 1]}…'


def _timeless(value: Any) -> str:
    return re.sub(r'\{"~time": [^}]*\}', '0', json.dumps(value, sort_keys=True, default=repr))
