from __future__ import annotations

import re
from typing import Any

import ops
import pytest
from hypothesis import Phase, settings
from hypothesis.errors import InvalidDefinition
from hypothesis.stateful import invariant, run_state_machine_as_test
from hypothesis_scenario_pebble import CharmMachine

import scenario_pebble as scenario

from .charms import Careful, context


class Machine(CharmMachine):
    """Drives the charm that handles all."""

    charm = Careful

    @classmethod
    def context(cls) -> scenario.Context[Any]:
        return scenario.Context(cls.charm, meta={'name': 'web', 'containers': {'app': {}}})


def run(machine: type[CharmMachine], **changes: Any) -> None:
    """Run a machine for a short while, without making a failure simpler."""
    brief = {'max_examples': 8, 'stateful_step_count': 8, 'phases': [Phase.generate]}
    given: dict[str, Any] = {**brief, 'derandomize': True, 'database': None, **changes}
    run_state_machine_as_test(machine, settings=settings(machine.TestCase.settings, **given))


def failure_of(machine: type[CharmMachine], **changes: Any) -> Exception:
    """What a machine fails with."""
    try:
        run(machine, **changes)
    except (scenario.UncaughtCharmError, AssertionError) as e:
        return e
    raise AssertionError('the machine has found nothing')


def reproduction_in(error: Exception) -> str:
    """The test that the report offers."""
    introduction = 'This test fails in the same way:\n\n'
    notes: list[str] = getattr(error, '__notes__', [])
    [text] = [note.partition(introduction)[2] for note in notes if introduction in note]
    return text


def reproduce(error: Exception) -> None:
    """Run the test that the report offers."""
    module: dict[str, Any] = {}
    exec(reproduction_in(error), module)
    module['test_reproduces_the_failure']()


def test_a_charm_that_handles_all_keeps_its_promises():
    run(Machine)


def test_a_run_begins_with_jujus_first_hooks_in_order():
    seen: list[list[str]] = []

    class Recording(Machine):
        @classmethod
        def context(cls) -> scenario.Context[Any]:
            return context()

        def finish(self) -> None:
            rows = self.ctx.timeline.filter(kind='event')
            seen.append([row.subject for row in rows])

    run(Recording, stateful_step_count=1)

    first = ['data_storage_attached', 'extra_storage_attached', 'install']
    first += ['cluster_relation_created', 'leader_elected', 'config_changed', 'start']
    assert [*first, 'app_pebble_ready', 'side_car_pebble_ready'] in seen
    assert all(names[:3] == first[:3] for names in seen)


# -- what a charm promises


class Raising(Careful):
    """Can't do without Pebble."""

    def update(self, _: ops.EventBase) -> None:
        super().update(_)
        self.workload.get_plan()


class RaisingMachine(Machine):
    charm = Raising


def test_an_error_of_the_charm_is_found_and_can_be_reproduced():
    error = failure_of(RaisingMachine)

    assert isinstance(error, scenario.UncaughtCharmError)
    with pytest.raises(scenario.UncaughtCharmError, match=r'^cannot finish .*') as reproduced:
        reproduce(error)
    assert str(reproduced.value) == str(error)


def test_a_charm_may_raise_what_its_machine_lets_it():
    class Lenient(RaisingMachine):
        def may_raise(self, error: scenario.UncaughtCharmError) -> bool:
            return isinstance(error.__cause__, ops.pebble.ConnectionError)

    run(Lenient)


class Busy(Careful):
    """Says for ever that it is about to do something."""

    def update(self, _: ops.EventBase) -> None:
        super().update(_)
        self.unit.status = ops.MaintenanceStatus('starting')


class BusyMachine(Machine):
    charm = Busy


def test_a_unit_that_stays_in_maintenance_is_found_and_can_be_reproduced():
    error = failure_of(BusyMachine)

    message = "the unit settles in MaintenanceStatus('starting'), though all is well"
    assert str(error) == message
    assert reproduction_in(error).endswith("    assert state.unit_status.name != 'maintenance'\n")
    with pytest.raises(AssertionError):
        reproduce(error)


def test_a_unit_may_keep_what_its_machine_lets_it():
    class Patient(BusyMachine):
        def may_stay(self, status: Any) -> bool:
            return True

    run(Patient)


class Lazy(Careful):
    """Forgets to start what it added after a restart."""

    def update(self, _: ops.EventBase) -> None:
        super().update(_)
        try:
            self.workload.stop('server')
        except (ops.pebble.APIError, ops.pebble.ConnectionError):
            return


class LazyMachine(Machine):
    charm = Lazy


def test_an_enabled_service_that_does_not_run_is_found_and_can_be_reproduced():
    error = failure_of(LazyMachine)

    assert str(error) == (
        "service 'server' of container 'app' is enabled, but inactive, though all is well"
    )
    assert reproduction_in(error).endswith(
        "    assert state.get_container('app').services['server'].is_running()\n"
    )
    with pytest.raises(AssertionError):
        reproduce(error)


def test_a_service_may_rest_where_its_machine_lets_it():
    class Restful(LazyMachine):
        def may_rest(self, container: str, service: str) -> bool:
            return True

    run(Restful)


# -- what authors add


class Watchful(Machine):
    """Has an invariant that doesn't hold."""

    @invariant()
    def notices_are_few(self) -> None:
        assert all(not container.notices for container in self.state.containers)


def test_a_broken_invariant_can_be_reproduced():
    error = failure_of(Watchful, max_examples=100)

    assert reproduction_in(error).endswith('    Watchful.at(ctx, state).notices_are_few()\n')
    with pytest.raises(AssertionError):
        reproduce(error)


def test_a_machine_may_do_without_a_rule():
    class Calm(Watchful):
        without = ('notify',)

    run(Calm)


@pytest.mark.parametrize(
    ('attribute', 'given', 'kind'),
    [('without', 'notify', 'str'), ('containers', scenario.Container('web'), 'Container')],
)
def test_several_things_are_not_one(attribute: str, given: Any, kind: str):
    with pytest.raises(InvalidDefinition) as error:
        type('Odd', (CharmMachine,), {'charm': ops.CharmBase, attribute: given})

    assert str(error.value) == (
        f'cannot use {given!r} for Odd.{attribute}: it is one {kind}, not several\n'
        f'  hint: {attribute} = [{given!r}]'
    )


def test_a_machine_runs_events():
    what: Any = 'start'
    machine = Machine()

    with pytest.raises(TypeError, match=r"^cannot run 'start': "):
        machine.run(what)


def test_a_machine_is_about_a_charm():
    class Lonely(CharmMachine):
        pass

    with pytest.raises(
        InvalidDefinition, match=r'^cannot run Lonely: it does not say which charm it is about\n'
    ):
        Lonely()


def test_a_machine_cannot_do_without_what_it_does_not_know():
    message = (
        "cannot do without rule 'break_service': Odd has no such rule\n"
        "  hint: did you mean 'crash_service'?"
    )

    with pytest.raises(InvalidDefinition, match=f'^{re.escape(message)}$'):

        class Odd(Machine):  # pyright: ignore[reportUnusedClass]
            without = ('break_service',)
