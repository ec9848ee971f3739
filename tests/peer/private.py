"""Which of the peer's tests use its private names, and so say nothing about its behaviour?

A name is private if it begins with an underscore and the peer's own source defines it, or if it
comes from a module that is not documented.  A test uses what its source names, and what those
functions, classes and fixtures of its module use that it names.
"""

from __future__ import annotations

import ast
import pathlib
import re
from collections.abc import Iterator

PUBLIC_MODULES = {'scenario', 'scenario.state', 'scenario.context', 'scenario.errors'}

_PRIVATE = re.compile(r'_(?!_)\w+')


def defined_in(source: pathlib.Path) -> frozenset[str]:
    """The private names that the modules in a directory define."""
    trees = (ast.parse(path.read_text(encoding='utf-8')) for path in source.glob('*.py'))
    return frozenset(
        name for tree in trees for name in _definitions(tree) if _PRIVATE.fullmatch(name)
    )


class Module:
    """The source of one module of tests.

    Args:
        path: Where it is.
        private: The private names that the peer defines.
    """

    def __init__(self, path: pathlib.Path, private: frozenset[str]):
        tree = ast.parse(path.read_text(encoding='utf-8'))
        self._private = (private - set(_definitions(tree))) | set(_private_imports(tree))
        self._parts = {name: frozenset(_mentioned(node)) for name, node in _parts(tree)}

    def private_names_of(self, test: str) -> list[str]:
        """The private names that a test uses."""
        used, waiting = set[str](), {test}
        while waiting:
            mentioned = self._parts.get(waiting.pop(), frozenset[str]())
            waiting |= (mentioned - used) & self._parts.keys()
            used |= mentioned
        return sorted(used & self._private)


def _parts(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """What a module defines at its top, and the tests in its classes."""
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name, node
            if node.name.startswith('Test'):
                yield from ((n.name, n) for n in node.body if isinstance(n, ast.FunctionDef))
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            yield from ((name, node) for name in _definitions(node))


def _definitions(tree: ast.AST) -> Iterator[str]:
    """The functions, classes, variables and attributes of self that are defined."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.Attribute(value=ast.Name(id='self'), attr=name, ctx=ast.Store()):
                yield name
            case _:
                pass


def _private_imports(tree: ast.AST) -> Iterator[str]:
    """The names that are imported from the peer's undocumented modules, or as private names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or '').split('.')[0] == 'scenario':
            for alias in node.names:
                if node.module not in PUBLIC_MODULES or _PRIVATE.fullmatch(alias.name):
                    yield alias.asname or alias.name


def _mentioned(tree: ast.AST) -> Iterator[str]:
    """The names that code reads, takes as parameters, or has as strings, as for patching."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                yield name
            case ast.alias(name=name):
                yield name
            case ast.Constant(value=str(text)):
                yield text.rpartition('.')[2]
            case _:
                pass
