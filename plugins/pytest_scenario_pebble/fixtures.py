"""The fixtures that a charm's suite would otherwise write for itself.

Each builds on the one before, so a suite that defines one of them changes all that follow.  Their
names are such that a suite is unlikely to have them by chance: ``ctx``, ``context``, ``state``
and ``container`` are left to the suites.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from . import settings

if TYPE_CHECKING:
    import ops

    from scenario_pebble import Container, Context, FaultOutcome, State

    from .golden import Golden


@pytest.fixture(scope='module')
def charm_class(request: pytest.FixtureRequest) -> type[ops.CharmBase]:
    """The class of the charm that the test file belongs to: that in src/charm.py."""
    from . import charmcode

    config = request.config
    named: str = config.getini(settings.CHARM_INI)
    try:
        return charmcode.charm_class(request.path, config.rootpath, named)
    except charmcode.NoCharm as e:
        pytest.fail(str(e), pytrace=False)


@pytest.fixture
def charm_context(
    request: pytest.FixtureRequest, charm_class: type[ops.CharmBase]
) -> Iterator[Context[Any]]:
    """A Context of that charm; its arguments come from the marker scenario_pebble_context."""
    import inspect

    from scenario_pebble import Context

    known = inspect.signature(Context).parameters
    arguments = settings.context_arguments(request.node, known)
    with Context(charm_class, **arguments) as ctx:
        yield ctx


@pytest.fixture
def charm_state(charm_context: Context[Any]) -> State:
    """A State with one of all that the metadata declares, its containers connectable."""
    from scenario_pebble import State

    return State.from_context(charm_context)


@pytest.fixture
def ready_state(charm_context: Context[Any], charm_state: State) -> State:
    """What charm_state becomes by the pebble-ready event of each container."""
    state = charm_state
    for name in sorted(each.name for each in charm_state.containers if each.can_connect):
        ready = charm_context.on.pebble_ready(state.get_container(name))
        state = charm_context.run(ready, state)
    return state


@pytest.fixture
def ready_container(ready_state: State) -> Container:
    """The container of ready_state, with the charm's layer in it; for charms that have one."""
    containers = sorted(ready_state.containers, key=lambda each: each.name)
    if len(containers) != 1:
        names = ', '.join(repr(each.name) for each in containers) or 'none'
        pytest.fail(
            'cannot choose the container of the fixture ready_container: '
            f'the charm has {names}\n'
            "  hint: ready_state.get_container('…')",
            pytrace=False,
        )
    return containers[0]


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Equal to the value that was kept in a file: assert state == golden; see --golden-update."""
    from . import goldenreport
    from .golden import Golden

    return Golden(goldenreport.of(request.config), request.node)


@pytest.fixture
def fault_outcome(request: pytest.FixtureRequest) -> FaultOutcome:
    """What becomes of the unit at a fault; for tests marked scenario_pebble_sweep."""
    from . import sweep

    return sweep.outcome(request)


NAMES = frozenset(
    ('charm_class', 'charm_context', 'charm_state', 'ready_state', 'ready_container', 'golden')
)
"""The names of these fixtures."""


def used(items: Iterable[pytest.Item]) -> set[str]:
    """The names of those of these fixtures that tests use."""
    return {
        name
        for item in items
        if isinstance(item, pytest.Function)
        for name in NAMES.intersection(item.fixturenames)
        if not is_foreign(item, name)
    }


def is_foreign(item: pytest.Item, name: str) -> bool:
    """Whether what a test gets by that name is a fixture of its suite or of another plugin.

    Relies on ``pytest.Function._fixtureinfo``.
    """
    fixtures: Any = getattr(item, '_fixtureinfo', None)
    found = fixtures.name2fixturedefs.get(name) if fixtures else None
    return bool(found) and found[-1].func.__module__ != __name__
