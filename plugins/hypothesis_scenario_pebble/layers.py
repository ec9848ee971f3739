"""Which layers does Pebble accept?"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import Any

from hypothesis import strategies as st
from ops import pebble

from scenario_pebble.arguments import checked

from .texts import Strategy, databags, few, record, texts

SERVICES = ('db', 'web', 'worker')
"""The services that layers define, if a test names no others."""

CHECKS = ('disk', 'ready', 'up')
"""The checks that layers define, if a test names no others."""

_DURATIONS = ('1s', '500ms', '10s', '1m30s')
_ACTIONS = ('restart', 'ignore', 'shutdown')
_COMMANDS = ('serve', 'serve --port 8080', 'sh -c "serve | log"', 'serve [ --verbose ]')

_whether = st.booleans()

Fields = dict[str, Strategy[Any]]
Names = tuple[str, ...]


def services(
    name: str = 'web', *, others: Iterable[str] = (), checks: Iterable[str] = ()
) -> Strategy[Mapping[str, Any]]:
    """A service of a layer, complete in itself.

    Args:
        name: What the service is called.
        others: The services that it may name.  Only those that come before *name* in the alphabet
            are used, so that services never wait for one another in a loop.
        checks: The checks whose failures it may react to.
    """
    return _services(name, _sorted(others), _sorted(checks))


@functools.lru_cache
def _services(name: str, others: Names, checks: Names) -> Strategy[Any]:
    always = {'override': _overrides(), 'command': st.sampled_from(_COMMANDS)}
    return record(always, **_service_fields(name, others, checks))


@functools.lru_cache
def _changed_services(name: str, others: Names, checks: Names) -> Strategy[Any]:
    """Changes to a service that a layer below defines."""
    fields = _service_fields(name, others, checks)
    return _services(name, others, checks) | record({'override': st.just('merge')}, **fields)


def _service_fields(name: str, others: Names, checks: Names) -> Fields:
    reactions = st.sampled_from([*_ACTIONS, 'success-shutdown'])
    fields: Fields = {
        'startup': st.sampled_from(['enabled', 'disabled']),
        'summary': texts(),
        'environment': databags(),
        'on_success': st.sampled_from([*_ACTIONS, 'failure-shutdown']),
        'on_failure': reactions,
        'backoff_delay': st.sampled_from(_DURATIONS),
        'backoff_factor': st.sampled_from([1.0, 1.5, 2.0]),
        'backoff_limit': st.sampled_from(_DURATIONS),
        'kill_delay': st.sampled_from(_DURATIONS),
        'user_id': st.just(0),
        'group': st.just('root'),
        'working_dir': st.just('/'),
    }
    if earlier := [other for other in others if other < name]:
        named = st.lists(st.sampled_from(earlier), unique=True, min_size=1)
        fields |= {'after': named, 'requires': named}
    if checks:
        fields['on_check_failure'] = st.dictionaries(
            st.sampled_from(checks), reactions, min_size=1
        )
    return fields


def checks(*, services: Iterable[str] = ()) -> Strategy[Mapping[str, Any]]:
    """A check of a layer, complete in itself.

    Args:
        services: Those in whose context an exec check may run.
    """
    return _whole_checks(_sorted(services))


def _whole_checks(services: Names) -> Strategy[Any]:
    return _checks(services, _overrides())


@functools.lru_cache
def _checks(services: Names, overrides: Strategy[str]) -> Strategy[Any]:
    exec_fields: Fields = {'environment': databags(), 'working_dir': st.just('/')}
    if services:
        exec_fields['service_context'] = st.sampled_from(services)
    probes: Fields = {
        'http': record({'url': st.just('http://localhost:8080/health')}, headers=databags()),
        'tcp': record({'port': st.integers(1, 65535)}, host=st.just('localhost')),
        'exec': record({'command': st.sampled_from(['probe', 'probe --quick'])}, **exec_fields),
    }
    return st.one_of(
        [record({'override': overrides, kind: p}, **_check_fields()) for kind, p in probes.items()]
    )


@functools.lru_cache
def _changed_checks(services: Names) -> Strategy[Any]:
    """Changes to a check that a layer below defines."""
    # A probe of another kind must replace the one below: Pebble wants exactly one.
    whole = _checks(services, st.just('replace'))
    return whole | record({'override': st.just('merge')}, **_check_fields())


def _check_fields() -> Fields:
    return {
        'level': st.sampled_from(['alive', 'ready']),
        'startup': st.sampled_from(['enabled', 'disabled']),
        'period': st.sampled_from(_DURATIONS),
        'timeout': st.sampled_from(_DURATIONS),
        'threshold': st.integers(1, 5),
    }


def log_targets(*, services: Iterable[str] = ()) -> Strategy[Mapping[str, Any]]:
    """A log target of a layer, complete in itself.

    Args:
        services: Those whose logs it may forward.
    """
    return _log_targets(_sorted(services))


@functools.lru_cache
def _log_targets(services: Names) -> Strategy[Any]:
    names = [sign + name for name in ('all', *services) for sign in ('', '-')]
    always = {
        'override': _overrides(),
        'type': st.sampled_from(['loki', 'syslog', 'opentelemetry']),
        'location': st.just('http://logs.example.com:3100/push'),
    }
    return record(always, services=few(st.sampled_from(names)), labels=databags())


@checked
def layers(
    *,
    services: Iterable[str] = SERVICES,
    checks: Iterable[str] = CHECKS,
    over: pebble.Layer | pebble.Plan | None = None,
) -> Strategy[pebble.Layer]:
    """A layer that Pebble accepts.

    Example::

        @given(layers())
        def test_leaves_foreign_services_alone(layer: pebble.Layer):
            web = Container('web', can_connect=True, layers={'theirs': layer})

    Args:
        services: The names of services to choose from.
        checks: The names of checks to choose from.
        over: What lies below.  Services and checks which that has may be changed in part.
    """
    below = (_sorted(over.services), _sorted(over.checks)) if over else ((), ())
    return _layers(_sorted(services), _sorted(checks), *below)


@st.composite
def _layers(
    draw: st.DrawFn, services: Names, checks: Names, low_services: Names, low_checks: Names
) -> pebble.Layer:
    # Each thing is drawn right after whether it is there, so that both shrink away at once.
    drawn: dict[str, Any] = {}
    for name in _sorted([*services, *low_services]):
        known = _changed_services if name in low_services else _services
        if draw(_whether):
            drawn[name] = draw(known(name, _sorted([*drawn, *low_services]), checks))
    contexts = _sorted([*drawn, *low_services])
    drawn_checks = {
        name: draw(_changed_checks(contexts) if name in low_checks else _whole_checks(contexts))
        for name in _sorted([*checks, *low_checks])
        if draw(_whether)
    }
    sections: dict[str, Any] = {'services': drawn, 'checks': drawn_checks}
    sections |= draw(_trimmings(contexts))
    return pebble.Layer({name: part for name, part in sections.items() if part})  # pyright: ignore[reportArgumentType]


@functools.lru_cache
def _trimmings(services: Names) -> Strategy[Any]:
    targets = st.dictionaries(st.just('logs'), _log_targets(services), min_size=1)
    return record({}, summary=texts(), description=texts(), log_targets=targets)


@functools.cache
def _overrides() -> Strategy[str]:
    return st.sampled_from(['replace', 'merge'])


def _sorted(names: Iterable[str]) -> Names:
    return tuple(sorted(set(names)))
