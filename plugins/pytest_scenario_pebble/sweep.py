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

from collections.abc import Sequence
from typing import Any, NoReturn

import pytest

from scenario_pebble import FaultCase, FaultOutcome

from .settings import SWEEP_MARKER

_FIXTURE = 'fault_outcome'


def outcome(request: pytest.FixtureRequest) -> FaultOutcome:
    """What becomes of the unit at the fault that a test was made for."""
    case: FaultCase | None = getattr(request, 'param', None)
    if case is None:
        _refuse(
            f'cannot give {_FIXTURE}: the test has no marker that says which event to run',
            f'@pytest.mark.{SWEEP_MARKER}(setup=…)',
        )
    return case.run()


def parametrize(metafunc: pytest.Metafunc) -> None:
    """Make one test of each case."""
    marker = metafunc.definition.get_closest_marker(SWEEP_MARKER)
    if marker is not None:
        if _FIXTURE not in metafunc.fixturenames:
            _refuse(
                f'cannot use @pytest.mark.{SWEEP_MARKER}: {metafunc.function.__name__}() '
                f'does not ask for {_FIXTURE}',
                f'def {metafunc.function.__name__}({_FIXTURE}): assert {_FIXTURE}.ok',
            )
        cases = _cases(*marker.args, **marker.kwargs)
        ids = [case.id for case in cases]
        metafunc.parametrize(_FIXTURE, cases, ids=ids, indirect=True)


def _cases(*args: Any, setup: Any = None, **options: Any) -> Sequence[FaultCase]:
    # pytest takes a marker with one function as argument for a decorator; so it goes by a name.
    unknown = options.keys() - {'faults', 'limit'}
    if args or unknown or not callable(setup):
        wrong = f'it has no {min(unknown)}=' if unknown else 'it needs setup=, a function'
        _refuse(f'cannot use @pytest.mark.{SWEEP_MARKER}: {wrong}', _SETUP)
    given: Any = setup()
    try:
        ctx, event, state = given
    except (TypeError, ValueError):
        _refuse(f'cannot use what {setup.__name__}() returns: {given!r} are not three', _SETUP)
    return ctx.fault_cases(event, state, **options)


_SETUP = 'a function that ends in: return ctx, ctx.on.config_changed(), state'


def _refuse(cause: str, hint: str) -> NoReturn:
    pytest.fail(f'{cause}\n  hint: {hint}', pytrace=False)
