"""Imports point one way."""

from __future__ import annotations

import ast
import pathlib
from collections.abc import Iterator

import pytest

PACKAGE = pathlib.Path(__file__).resolve().parents[1] / 'scenario_pebble'

LAYERS = [
    {'frozen'},
    {'dataclass'},
    {'errors'},
    {'typehints'},
    {'arguments', 'fields'},
    {'clock'},
    {'filechecks'},
    {'fileowner'},
    {'filenode'},
    {'treeedit'},
    {'filetree'},
    {'daemon'},
    {'state'},
    {'times'},
    {'juju'},
    {'wire'},
    {
        'backend',
        'contextargs',
        'framework',
        'log',
        'fakepath',
        'hostdir',
        'mirror',
        'customevent',
        'mainlog',
        'prepared',
        'released',
        'runargs',
        'surroundings',
    },
    {'charmroot', 'fakefs'},
    {'execcall'},
    {'kubelet'},
    {'script', 'convert'},
    {'host'},
    {'faultyhost'},
    {'schedule'},
    {'bridge'},
    {'dispatch'},
    {'columns'},
    {'triggers', 'timeline', 'session', 'manager', 'passing', 'stimuli', 'registry'},
    {'mountcopies'},
    {'convergence', 'faultcases', 'faultreport'},
    {'trial'},
    {'sweep'},
    {'context'},
    {'loading'},
    {'__init__'},
]
"""A module imports only from its own layer and from those above it."""

DAEMON_VALUES = ('plan', 'users', 'workload')
"""What the State may know of the daemon: the pure values, by the beginning of their names."""

MODULES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob('*.py'))


def layer_of(name: str) -> int:
    return next(number for number, names in enumerate(LAYERS) if name in names)


def imports_of(module: pathlib.Path) -> Iterator[tuple[str, ...]]:
    """The parts of each name that a module imports from the package, after the package's own."""
    package = ('scenario_pebble', *module.parts[:-1])
    for node in running_code(ast.parse((PACKAGE / module).read_text(encoding='utf-8'))):
        if isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            base += tuple(node.module.split('.')) if node.module else ()
            names = [(*base, alias.name) for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [tuple(alias.name.split('.')) for alias in node.names]
        else:
            continue
        yield from (name[1:] for name in names if name[0] == 'scenario_pebble')


def running_code(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those that only a type checker reads."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and 'TYPE_CHECKING' in ast.dump(node.test):
            continue
        yield node
        yield from running_code(node)


@pytest.mark.parametrize('module', MODULES, ids=str)
def test_module_imports_from_layers_above_only(module: pathlib.Path):
    own = layer_of(module.parts[0].removesuffix('.py'))

    below = {'.'.join(name) for name in imports_of(module) if layer_of(name[0]) > own}

    assert below == set()


@pytest.mark.parametrize('module', [m for m in MODULES if m.parts[0] == 'state'], ids=str)
def test_the_state_knows_only_values_of_the_daemon(module: pathlib.Path):
    used = {name[1] for name in imports_of(module) if name[0] == 'daemon'}

    assert {name for name in used if not name.startswith(DAEMON_VALUES)} == set()


@pytest.mark.parametrize('module', [m for m in MODULES if m.parts[0] == 'daemon'], ids=str)
def test_the_daemon_knows_no_ops(module: pathlib.Path):
    text = (PACKAGE / module).read_text(encoding='utf-8')

    used = {
        name.split('.')[0]
        for node in ast.walk(ast.parse(text))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or '']
            if isinstance(node, ast.ImportFrom) and not node.level
            else []
        )
    }

    assert not used & {'ops', 'scenario', 'websocket'}
