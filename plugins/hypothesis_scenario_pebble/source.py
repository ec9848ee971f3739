"""How is a value written as Python source?"""

from __future__ import annotations

import ast
import dataclasses
import enum
import importlib
import types
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from ops import pebble

import scenario_pebble as scenario
from scenario_pebble.state.value import Value, default_of

WIDTH = 99
"""How long a line may be."""

_INDENT = '    '


class Writer:
    """Writes values as expressions, and remembers what these need to be imported."""

    def __init__(self) -> None:
        self.imports = {'import scenario_pebble as scenario'}

    def write(self, value: Any) -> str:
        """The expression on one line."""
        return ast.unparse(self._node(value))

    def call(self, function: str, *arguments: Any, **keywords: Any) -> str:
        """A call on one line."""
        given = [
            *map(self.write, arguments),
            *(f'{k}={self.write(v)}' for k, v in keywords.items()),
        ]
        return f'{function}({", ".join(given)})'

    def name(self, thing: Any) -> str:
        """What a class or function is called; ``...`` if it has no name, as a lambda."""
        head = thing.__qualname__.partition('.')[0]
        if _is_importable(thing.__module__, thing.__qualname__, thing):
            self.imports.add(f'from {thing.__module__} import {head}')
            return thing.__qualname__
        # A test that is pasted beside it finds it by its name.
        return thing.__name__ if thing.__name__.isidentifier() else '...'

    def _node(self, value: Any) -> ast.expr:
        if isinstance(value, Value):
            return self._component(value)
        if isinstance(value, pebble.Layer):
            return self._node(value.to_dict())
        if isinstance(value, dict):
            items = cast('Mapping[Any, Any]', value)
            return ast.Dict([*map(self._node, items)], [*map(self._node, items.values())])
        if isinstance(value, (set, frozenset)):
            return self._set(cast('frozenset[Any]', value))
        if isinstance(value, (list, tuple)):
            items = [self._node(item) for item in cast('list[Any]', value)]
            return ast.Tuple(items) if isinstance(value, tuple) else ast.List(items)
        if isinstance(value, (types.FunctionType, type)):
            return _parsed(self.name(value))
        return self._parsed_repr(value)

    def _component(self, value: Value) -> ast.expr:
        """A component of a State, with those fields that differ from their defaults."""
        call = ast.Call(_parsed(f'scenario.{type(value).__name__}'), [], [])
        fields = dataclasses.fields(cast('Any', value))
        for field in fields:
            default, given = default_of(field), getattr(value, field.name)
            if not field.repr or given == default:
                continue
            node = self._node(given)
            if field is fields[0] and _is_positional(field):
                call.args.append(node)
            else:
                call.keywords.append(ast.keyword(field.name, node))
        return call

    def _set(self, items: Iterable[Any]) -> ast.expr:
        nodes = sorted(map(self._node, items), key=ast.unparse)
        return ast.Set(nodes) if nodes else _parsed('set()')

    def _parsed_repr(self, value: Any) -> ast.expr:
        return cast('ast.expr', _Qualifier(self.imports).visit(_parsed(plain(value))))


def _is_positional(field: dataclasses.Field[Any]) -> bool:
    """Whether a component can't be without this field, and takes it by position."""
    missing = dataclasses.MISSING
    return field.default is missing and field.default_factory is missing and not field.kw_only


class _Qualifier(ast.NodeTransformer):
    """Names in a repr, with the modules that they come from."""

    def __init__(self, imports: set[str]):
        self._imports = imports

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id == 'datetime':
            self._imports.add('import datetime')
        elif node.id in scenario.__all__:
            return _parsed(f'scenario.{node.id}')
        elif node.id.endswith('Path'):
            self._imports.add('import pathlib')
            return _parsed(f'pathlib.{node.id}')
        return node


def plain(value: Any) -> str:
    """The repr of a plain value: an enum's member is its value, an id of any class a string."""
    if isinstance(value, str) and not isinstance(value, enum.Enum):
        return str.__repr__(value)
    return repr(value.value if isinstance(value, enum.Enum) else value)


def _parsed(text: str) -> ast.expr:
    return ast.parse(text, mode='eval').body


def _is_importable(module: str, qualname: str, thing: Any) -> bool:
    try:
        found: Any = importlib.import_module(module)
        for part in qualname.split('.'):
            found = getattr(found, part)
    except (ImportError, AttributeError):
        return False
    return found is thing


def wrapped(statement: str, indent: str = _INDENT) -> Iterator[str]:
    """The lines of a statement, broken inside its brackets where it is too long."""
    line = indent + statement
    if len(line) <= WIDTH:
        yield line
        return
    node = ast.parse(statement).body[0]
    value = getattr(node, 'value', None)
    if not isinstance(value, ast.expr):
        yield line
        return
    whole = ast.unparse(value)
    head = statement[: len(statement) - len(whole)] if statement.endswith(whole) else ''
    if not head and statement != whole:
        yield line
        return
    yield from _broken(head, value, '', indent)


def _broken(head: str, node: ast.expr, tail: str, indent: str) -> Iterator[str]:
    """An expression after *head* and before *tail*, over several lines if it must."""
    line = f'{indent}{head}{ast.unparse(node)}{tail}'
    parts = _parts(node)
    if len(line) <= WIDTH or parts is None:
        yield line
        return
    opening, items, closing = parts
    inner = indent + _INDENT
    yield f'{indent}{head}{opening}'
    together = inner + ', '.join(before + ast.unparse(item) for before, item in items)
    if isinstance(node, ast.Call) and len(together) <= WIDTH:
        yield together
    else:
        for before, item in items:
            yield from _broken(before, item, ',', inner)
    yield f'{indent}{closing}{tail}'


_Parts = tuple[str, list[tuple[str, ast.expr]], str]


def _parts(node: ast.expr) -> _Parts | None:
    """What an expression with brackets consists of; None if it can't be broken."""
    if isinstance(node, ast.Call):
        items = [('', argument) for argument in node.args]
        items += [(f'{keyword.arg}=', keyword.value) for keyword in node.keywords]
        return f'{ast.unparse(node.func)}(', items, ')'
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return '{', [(f'{ast.unparse(key)}: ' if key else '**', v) for key, v in pairs], '}'
    if isinstance(node, (ast.List, ast.Set)):
        opening, closing = '[]' if isinstance(node, ast.List) else '{}'
        return opening, [('', item) for item in node.elts], closing
    return None
