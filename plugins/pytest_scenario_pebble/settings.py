"""What can be set on the command line, in pytest's configuration, and by markers?"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable
from typing import Any

import pytest

RANDOM = 'random'
CHARM_INI = 'scenario_pebble_charm'
_SEED_INI = _SEED_INPUT = 'scenario_pebble_seed'

_CONTEXT_MARKER = 'scenario_pebble_context'
_STRICT_MARKER = 'scenario_pebble_strict'
SWEEP_MARKER = 'scenario_pebble_sweep'
_STRICT_INI = 'scenario_pebble_strict'

RULES = ('unused', 'uncaught')
"""What a test can be strict about."""

MARKERS = (
    f'{_CONTEXT_MARKER}(**arguments): arguments of the Context that the fixtures of '
    'scenario-pebble make for this test, for example juju_version=, app_trusted=, seed=',
    f'{_STRICT_MARKER}(*rules): what else fails this test, in place of what the option '
    f'--scenario-pebble-strict says: {", ".join(map(repr, RULES))}; nothing, if there are none',
    f'{SWEEP_MARKER}(setup=…, faults=…, limit=…): run this test for each fault that an event can '
    'meet, with what becomes of the unit in the fixture fault_outcome; setup is a function that '
    'returns a Context, an event and a State, the others are those of Context.sweep',
)


def declare(parser: pytest.Parser) -> None:
    """Declare the options."""
    group = parser.getgroup('scenario-pebble')
    dropin = 'let ops.testing and scenario mean scenario_pebble (Harness excepted)'
    group.addoption('--scenario-pebble', action='store_true', default=None, help=dropin)
    parser.addini('scenario_pebble', dropin, type='bool', default=False)
    seed = f'the seed of every Context that is given none: a number, or {RANDOM}'
    group.addoption(
        '--scenario-pebble-seed', metavar=f'N|{RANDOM}', type=_seed, default=None, help=seed
    )
    parser.addini(_SEED_INI, seed, default='')
    strict = f'what else fails a test: {", ".join(RULES)} or all; none'
    group.addoption(
        '--scenario-pebble-strict', metavar='RULES', type=_rules, default=None, help=strict
    )
    parser.addini(_STRICT_INI, strict, default='')
    golden = 'make what the tests compare with golden files the content of these files'
    group.addoption('--golden-update', action='store_true', default=False, help=golden)
    charm = 'the class of the charm, as module:Class; by default that of src/charm.py'
    parser.addini(CHARM_INI, charm, default='')


def context_arguments(node: pytest.Item, known: Iterable[str]) -> dict[str, Any]:
    """What the markers of a test say of its Context; the nearest one wins."""
    arguments: dict[str, Any] = {}
    for marker in node.iter_markers(_CONTEXT_MARKER):
        wrong = [repr(arg) for arg in marker.args]
        wrong += [f'{name}=' for name in marker.kwargs if name not in known]
        if wrong:
            pytest.fail(
                f'cannot use {wrong[0]} in @pytest.mark.{_CONTEXT_MARKER}: '
                'it takes the keyword arguments of Context',
                pytrace=False,
            )
        arguments = {**marker.kwargs, **arguments}
    return arguments


def is_dropin(config: pytest.Config) -> bool:
    """Whether drop-in mode is asked for; may be asked before all options are parsed."""
    asked: bool | None = config.known_args_namespace.scenario_pebble
    return asked if asked is not None else bool(config.getini('scenario_pebble'))


def seed(config: pytest.Config) -> int | None:
    """The seed that was asked for, if any; a random one is drawn once for all processes."""
    if (given := getattr(config, 'workerinput', None)) is not None:
        return given[_SEED_INPUT]
    if config.option.scenario_pebble_seed is None and (text := config.getini(_SEED_INI)):
        try:
            config.option.scenario_pebble_seed = _seed(text)
        except argparse.ArgumentTypeError as e:
            raise pytest.UsageError(f'{e}\n  in: {_SEED_INI} of {config.inipath}') from None
    return config.option.scenario_pebble_seed


def strict(config: pytest.Config) -> tuple[str, ...]:
    """The rules that hold for all tests."""
    asked: tuple[str, ...] | None = config.option.scenario_pebble_strict
    if asked is not None:
        return asked
    try:
        return _rules(config.getini(_STRICT_INI) or 'none')
    except argparse.ArgumentTypeError as e:
        raise pytest.UsageError(f'{e}\n  in: {_STRICT_INI} of {config.inipath}') from None


def is_strict(config: pytest.Config, items: Iterable[pytest.Item]) -> bool:
    """Whether a rule holds for any test."""
    return bool(strict(config)) or any(item.get_closest_marker(_STRICT_MARKER) for item in items)


def strict_rules(item: pytest.Item) -> tuple[str, ...]:
    """The rules that hold for a test; its nearest marker counts."""
    marker = item.get_closest_marker(_STRICT_MARKER)
    if marker is None:
        return strict(item.config)
    try:
        return _rules(','.join(map(str, marker.args)) or 'none')
    except argparse.ArgumentTypeError as e:
        pytest.fail(f'{e}\n  in: @pytest.mark.{_STRICT_MARKER}', pytrace=False)


def _rules(text: str) -> tuple[str, ...]:
    if text in ('all', 'none'):
        return RULES if text == 'all' else ()
    asked = [rule.strip() for rule in text.split(',')]
    for rule in asked:
        if rule not in RULES:
            raise argparse.ArgumentTypeError(
                f'cannot be strict about {rule!r}: the rules are {", ".join(RULES)}; '
                'or say all or none'
            )
    return tuple(rule for rule in RULES if rule in asked)


def hand_on(config: pytest.Config, workerinput: dict[str, Any]) -> None:
    """Tell a process of pytest-xdist what was decided in this one."""
    workerinput[_SEED_INPUT] = seed(config)


def _seed(text: str) -> int:
    if text == RANDOM:
        return random.SystemRandom().getrandbits(32)
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f'cannot use seed {text!r}: it is neither a whole number nor {RANDOM}'
        ) from None
