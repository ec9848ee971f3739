"""Which type YAML gives a plain scalar, by the rules of go-yaml v3, which Pebble uses."""

from __future__ import annotations

import datetime
import functools
import re

_KNOWN = {
    **dict.fromkeys(('true', 'True', 'TRUE'), ('!!bool', True)),
    **dict.fromkeys(('false', 'False', 'FALSE'), ('!!bool', False)),
    **dict.fromkeys(('', '~', 'null', 'Null', 'NULL'), ('!!null', None)),
    **dict.fromkeys(('.nan', '.NaN', '.NAN'), ('!!float', float('nan'))),
    **dict.fromkeys(('.inf', '.Inf', '.INF'), ('!!float', float('inf'))),
    **dict.fromkeys(('+.inf', '+.Inf', '+.INF'), ('!!float', float('inf'))),
    **dict.fromkeys(('-.inf', '-.Inf', '-.INF'), ('!!float', float('-inf'))),
}
# Of YAML 1.1, still quoted on output
_OLD_BOOLS = re.compile('[yY]|yes|Yes|YES|on|On|ON|[nN]|no|No|NO|off|Off|OFF')
_BASE_60 = re.compile(r'[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?')
_FLOAT = re.compile(r'[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?')
_INTEGER = re.compile(
    r'(?P<sign>[-+]?)(?:0[xX](?P<hex>[0-9a-fA-F]+)|0[bB](?P<bin>[01]+)'
    r'|0[oO]?(?P<oct>[0-7]+)|(?P<dec>0|[1-9][0-9]*))'
)
_MOST_DIGITS = 100
"""A number with more is out of range anyway."""
_TIMESTAMP = re.compile(
    r'(?P<year>\d{4})-(?P<month>\d\d?)-(?P<day>\d\d?)'
    r'(?:(?P<separator>[Tt ])(?P<hour>\d\d?):(?P<minute>\d\d?):(?P<second>\d\d?)(?:\.\d+)?'
    r'(?P<zone>Z|[-+]\d\d:\d\d)?)?',
    re.ASCII,
)


@functools.lru_cache(maxsize=4096)
def resolve(text: str) -> tuple[str, bool | int | float | str | None]:
    """The short tag of an untagged plain scalar, and its value; timestamps stay text."""
    # go-yaml: resolve.go
    if text in _KNOWN:
        return _KNOWN[text]
    first = text[0]
    if first == '.':
        return ('!!float', float(text)) if _FLOAT.fullmatch(text) else ('!!str', text)
    if first not in '+-0123456789':
        return '!!str', text
    if _is_timestamp(text):
        return '!!timestamp', text
    plain = text.replace('_', '')
    integer = _integer(plain)
    if integer is not None:
        return '!!int', integer
    if _FLOAT.fullmatch(plain) and abs(float(plain)) != float('inf'):
        return '!!float', float(plain)
    return '!!str', text


def needs_quotes(text: str) -> bool:
    """Whether a string would be read as something else if it were written plain."""
    # go-yaml: encode.go stringv
    return bool(
        resolve(text)[0] != '!!str' or _OLD_BOOLS.fullmatch(text) or _BASE_60.fullmatch(text)
    )


def _integer(plain: str) -> int | None:
    match = _INTEGER.fullmatch(plain)
    if match is None:
        return None
    for name, base in (('hex', 16), ('bin', 2), ('oct', 8), ('dec', 10)):
        if match[name] is not None:
            value = int(match[name].lstrip('0')[:_MOST_DIGITS] or '0', base)
            break
    else:
        return None
    if match['sign'] == '-':
        value = -value
    limit = 2**63 if match['sign'] else 2**64
    return value if -(2**63) <= value < limit else None


def _is_timestamp(text: str) -> bool:
    match = _TIMESTAMP.fullmatch(text)
    if match is None or (match['separator'] in ('T', 't')) != bool(match['zone']):
        return False
    try:
        datetime.datetime(
            int(match['year']) or 4,  # Go knows the year 0, a leap year
            int(match['month']),
            int(match['day']),
            int(match['hour'] or 0),
            int(match['minute'] or 0),
            int(match['second'] or 0),
        )
    except ValueError:
        return False
    return True
