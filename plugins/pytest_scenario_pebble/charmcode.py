"""Where is the charm that a test is about?"""

from __future__ import annotations

import ast
import importlib
import inspect
import pathlib
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import ops

from .settings import CHARM_INI

_METADATA = ('charmcraft.yaml', 'metadata.yaml')
_SOURCES = ('src', 'lib')


class NoCharm(Exception):
    """The charm's class can't be found; says what was looked for, and how to repair it."""


def charm_class(test: pathlib.Path, root: pathlib.Path, named: str) -> type[ops.CharmBase]:
    """The class of the charm that a test file belongs to.

    It is the one in ``src/charm.py`` beside the nearest ``charmcraft.yaml`` (or
    ``metadata.yaml``) above the test, or what *named* says.

    Args:
        test: The test file.
        root: Pytest's root directory, above which nothing is looked for.
        named: ``module:Class``, or empty.

    Raises:
        NoCharm: If there is no such class.
    """
    charm = _charm_root(test, root)
    _make_importable(charm or root)
    if named:
        return _named_class(named)
    if charm is None:
        raise NoCharm(
            f'cannot find the charm of {_shown(test, root)}: '
            f'no directory above it has {" or ".join(_METADATA)} beside src/charm.py\n'
            f'  looked in: {", ".join(_shown(each, root) for each in _above(test, root))}\n'
            f'  hint: name the class in pytest.ini or pyproject.toml: {CHARM_INI} = module:Class'
        )
    return _class_of(_module(charm), charm / 'src' / 'charm.py')


def _charm_root(test: pathlib.Path, root: pathlib.Path) -> pathlib.Path | None:
    for directory in _above(test, root):
        has_metadata = any((directory / name).is_file() for name in _METADATA)
        if has_metadata and (directory / 'src' / 'charm.py').is_file():
            return directory
    return None


def _above(test: pathlib.Path, root: pathlib.Path) -> Iterator[pathlib.Path]:
    """The directories above a test, up to the root; of a test outside of it, all."""
    for directory in test.parents:
        yield directory
        if directory == root:
            return


def _make_importable(charm: pathlib.Path) -> None:
    """What ``PYTHONPATH=src:lib`` in a charm's tox.ini does."""
    for name in reversed(_SOURCES):
        path = str(charm / name)
        if path not in sys.path and (charm / name).is_dir():
            sys.path.insert(0, path)


def _named_class(named: str) -> type[ops.CharmBase]:
    name, _, attribute = named.partition(':')
    try:
        found = getattr(importlib.import_module(name), attribute)
    except (ImportError, AttributeError, ValueError) as e:
        raise NoCharm(
            f'cannot import the charm {named!r}: {e}\n'
            f'  in: {CHARM_INI} of the configuration of pytest\n'
            '  hint: write module:Class, for example charm:MyCharm'
        ) from e
    if not _is_charm(found):
        raise NoCharm(
            f'cannot test {named!r}: it is no subclass of ops.CharmBase\n'
            f'  in: {CHARM_INI} of the configuration of pytest'
        )
    return found


def _module(charm: pathlib.Path) -> ModuleType:
    """The module ``src/charm.py``, under the name by which the tests import it."""
    path = charm / 'src' / 'charm.py'
    for module in list(sys.modules.values()):
        if _is_of(module, path):
            return module
    module = importlib.import_module('charm')
    if not _is_of(module, path):
        raise NoCharm(
            f'cannot import {path}: the module charm is {module.__file__}\n'
            '  hint: run the tests of each charm in a process of its own'
        )
    return module


def _is_of(module: ModuleType, path: pathlib.Path) -> bool:
    file = getattr(module, '__file__', None) or ''
    return file.endswith(path.name) and pathlib.Path(file).resolve() == path.resolve()


def _class_of(module: ModuleType, path: pathlib.Path) -> type[ops.CharmBase]:
    """What the module hands to ``ops.main``, or else the one charm that it defines."""
    started: list[Any] = [getattr(module, name, None) for name in _started(path)]
    defined: list[Any] = [found for found in vars(module).values() if _is_defined(found, module)]
    charms: list[type[ops.CharmBase]] = [each for each in started or defined if _is_charm(each)]
    candidates = list(dict.fromkeys(charms))
    if len(candidates) == 1:
        return candidates[0]
    names = ', '.join(each.__name__ for each in candidates) or 'none'
    raise NoCharm(
        f'cannot tell which class in {path} is the charm: none is handed to ops.main()\n'
        f'  subclasses of ops.CharmBase: {names}\n'
        f'  hint: name the class in pytest.ini or pyproject.toml: {CHARM_INI} = charm:Class'
    )


def _started(path: pathlib.Path) -> list[str]:
    """The names of what is given to a function ``main``: ``ops.main(MyCharm)``."""
    calls = (node for node in ast.walk(_parsed(path)) if isinstance(node, ast.Call) and node.args)
    return [
        call.args[0].id
        for call in calls
        if ast.unparse(call.func).split('.')[-1] == 'main' and isinstance(call.args[0], ast.Name)
    ]


def _parsed(path: pathlib.Path) -> ast.Module:
    return ast.parse(path.read_text(encoding='utf-8'))


def _is_charm(found: Any) -> bool:
    return inspect.isclass(found) and issubclass(found, ops.CharmBase)


def _is_defined(found: Any, module: ModuleType) -> bool:
    return _is_charm(found) and found.__module__ == module.__name__


def _shown(path: pathlib.Path, root: pathlib.Path) -> str:
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
