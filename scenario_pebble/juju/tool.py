"""How a hook tool reads its command line, and how it writes its answer or its error."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from ..daemon.gotext import quote
from ..frozen import FrozenDict

if TYPE_CHECKING:
    from .ledger import Ledger

_Dumper: Any = getattr(yaml, 'CSafeDumper', yaml.SafeDumper)
# Go writes compact JSON with sorted keys.
_to_json = json.JSONEncoder(separators=(',', ':'), sort_keys=True).encode
_to_ordered_json = json.JSONEncoder(separators=(',', ':')).encode

# The JSON text of databags by identity: they never change, and most are read again in the next
# event.  As the databag is held, its id isn't given to another object.
_texts: dict[int, tuple[Any, str]] = {}
_MOST_TEXTS = 1_000

# gnuflag: strconv.ParseBool
_TRUE = frozenset(('1', 't', 'T', 'true', 'TRUE', 'True'))
_FALSE = frozenset(('0', 'f', 'F', 'false', 'FALSE', 'False'))


class ToolError(Exception):
    """A hook tool failed: what it writes after ``ERROR`` on stderr."""

    code = 1
    """The exit code of a tool that failed while it ran."""


class UsageError(ToolError):
    """The command line makes no sense to a hook tool."""

    code = 2


class Call:
    """One call of a hook tool."""

    __slots__ = ('args', 'ledger', 'options', 'stdin')

    def __init__(
        self, ledger: Ledger, args: list[str], options: dict[str, Any], stdin: str | None
    ):
        self.ledger = ledger
        self.args = args
        """What is neither an option nor an option's value."""
        self.options = options
        self.stdin = stdin

    def arg(self, index: int) -> str | None:
        """A positional argument, if it was given."""
        return self.args[index] if len(self.args) > index else None

    def at_most(self, count: int) -> None:
        """Refuse more than *count* positional arguments.

        Raises:
            UsageError: If there are more.
        """
        if len(self.args) > count:
            surplus = ' '.join(map(quote, self.args[count:]))
            raise UsageError(f'unrecognized args: [{surplus}]')


Options = Mapping[str, str]
"""Options as they are typed, and their names; with a trailing ``=`` if they take a value."""

FORMAT: Options = {'--format': 'format=', '-o': 'output=', '--output': 'output='}
RELATION: Options = {'-r': 'relation=', '--relation': 'relation='}


class Tool(NamedTuple):
    """A hook tool."""

    run: Callable[[Call], Any]
    options: Options = {}
    format: str | None = None
    """How it writes its answer unless ``--format`` says otherwise; None: it has no such option."""


def parse(args: Sequence[str], known: Options) -> tuple[list[str], dict[str, Any]]:
    """Tell positional arguments and options apart, as Juju's commands do: options may be anywhere.

    Raises:
        UsageError: If an option is unknown, lacks its value, or has one that it can't have.
    """
    positional: list[str] = []
    options: dict[str, Any] = {}
    rest = iter(args)
    for arg in rest:
        if arg[:1] != '-' or arg == '-':
            positional.append(arg)
        elif arg == '--':
            positional.extend(rest)
        else:
            name, value = _option(arg, known)
            target = known[name]
            if target[-1] != '=':
                options[target] = value is None or _boolean(name, value)
                continue
            if value is None and (value := next(rest, None)) is None:
                raise UsageError(f'option needs an argument: {name}')
            options[target[:-1]] = value
    return positional, options


def _option(arg: str, known: Options) -> tuple[str, str | None]:
    """An option's name and the value that is part of the same argument."""
    if arg in known:
        return arg, None
    name, equals, value = arg.partition('=')
    if equals and name in known:
        return name, value
    if arg[1] != '-' and known.get(arg[:2], '').endswith('='):
        return arg[:2], arg[2:]
    raise UsageError(f'option provided but not defined: {name}')


def _boolean(name: str, value: str) -> bool:
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise UsageError(
        f'invalid value {quote(value)} for option {name}: strconv.ParseBool: '
        f'parsing {quote(value)}: invalid syntax'
    )


def written(value: Any, form: str) -> str:
    """A tool's answer in the format that was asked for.

    Raises:
        UsageError: If there is no such format.
    """
    if form == 'json':
        return _json(value)
    if form == 'smart':
        return _smart(value)
    if form == 'yaml':
        return _yaml(value)
    raise UsageError(
        f'invalid value {quote(form)} for option --format: unknown format {quote(form)}'
    )


class Ordered(dict[str, Any]):
    """An answer whose keys stay in their order where Juju would sort them."""


def _json(value: Any) -> str:
    if type(value) is Ordered:
        return _to_ordered_json(value) + '\n'
    if type(value) is not FrozenDict:
        return _to_json(value) + '\n'
    known = _texts.get(id(value))  # type: ignore[reportUnknownArgumentType]
    if known is None:
        if len(_texts) >= _MOST_TEXTS:
            _texts.clear()
        known = _texts[id(value)] = (value, _to_json(value) + '\n')  # type: ignore[reportUnknownArgumentType]
    return known[1]


def _smart(value: Any) -> str:
    # juju/cmd: FormatSmart
    if value is None:
        return ''
    if isinstance(value, str):
        return f'{value}\n' if value else ''
    if isinstance(value, bool):
        return f'{value}\n'
    if isinstance(value, list) and all(isinstance(item, str) for item in value):  # type: ignore[reportUnknownVariableType]
        return '\n'.join(value) + '\n' if value else ''  # type: ignore[reportUnknownArgumentType]
    return _yaml(value)


def _yaml(value: Any) -> str:
    value = dict(value) if type(value) is Ordered else value
    text: str = yaml.dump(value, Dumper=_Dumper, default_flow_style=False, allow_unicode=True)
    return text.removesuffix('...\n')
