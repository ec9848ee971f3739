"""Each fault of a sweep as a test of its own, so that processes of pytest-xdist share them.

::

    def new_options():
        ctx = scenario.Context(WebCharm)
        ...
        return ctx, ctx.on.config_changed(), state

    @pytest.mark.scenario_pebble_sweep(setup=new_options)
    def test_new_options_survive_a_fault(fault_outcome):
        assert fault_outcome.ok
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenario_pebble import FaultCase, FaultOutcome

_NAME = 'scenario_pebble_sweep'
_FIXTURE = 'fault_outcome'

MARKER = (
    f'{_NAME}(setup=…, faults=…, limit=…): run this test for each fault that an event can meet, '
    f'with what becomes of the unit in the fixture {_FIXTURE}; setup is a function that returns '
    'a Context, an event and a State, the others are those of Context.sweep'
)


@pytest.fixture
def fault_outcome(request: pytest.FixtureRequest) -> FaultOutcome:
    """What becomes of the unit at a fault; for tests marked scenario_pebble_sweep."""
    case: FaultCase | None = getattr(request, 'param', None)
    if case is None:
        _refuse(
            f'cannot give {_FIXTURE}: the test has no marker that says which event to run',
            f'@pytest.mark.{_NAME}(setup=…)',
        )
    return case.run()


def parametrize(metafunc: pytest.Metafunc) -> None:
    """Make one test of each case."""
    marker = metafunc.definition.get_closest_marker(_NAME)
    if marker is not None:
        cases = _cases(*marker.args, **marker.kwargs)
        ids = [case.id for case in cases]
        metafunc.parametrize(_FIXTURE, cases, ids=ids, indirect=True)


def _cases(*args: Any, setup: Any = None, **options: Any) -> Sequence[FaultCase]:
    # pytest takes a marker with one function as argument for a decorator; so it goes by a name.
    unknown = options.keys() - {'faults', 'limit'}
    if args or unknown or not callable(setup):
        wrong = f'it has no {min(unknown)}=' if unknown else 'it needs setup=, a function'
        _refuse(f'cannot use @pytest.mark.{_NAME}: {wrong}', _SETUP)
    given: Any = setup()
    try:
        ctx, event, state = given
    except (TypeError, ValueError):
        _refuse(f'cannot use what {setup.__name__}() returns: {given!r} are not three', _SETUP)
    return ctx.fault_cases(event, state, **options)


_SETUP = 'a function that ends in: return ctx, ctx.on.config_changed(), state'


def _refuse(cause: str, hint: str) -> NoReturn:
    pytest.fail(f'{cause}\n  hint: {hint}', pytrace=False)
