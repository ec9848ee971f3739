"""Sweeps over events that a library of the charm emits."""

from __future__ import annotations

import ops

import scenario_pebble as scenario
from scenario_pebble import Fault
from tests.unit.sweptcharms import META, Base, Careless, swept


class Asked(ops.EventBase):
    """An event that a library emits."""


class LibraryEvents(ops.ObjectEvents):
    asked = ops.EventSource(Asked)


class Library(ops.Object):
    on = LibraryEvents()  # pyright: ignore[reportAssignmentType]


class WithLibrary(Base):
    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        self.library = Library(self, 'library')
        framework.observe(self.library.on.asked, self._on_update)


def test_an_event_of_a_library_comes_again_with_the_hook_that_failed():
    ctx = scenario.Context(WithLibrary, meta=META)
    state = scenario.State(containers={scenario.Container('web', can_connect=True)})
    asked = ctx.on.custom(Library.on.asked)

    report = ctx.sweep(asked, state, [Fault('POST /v1/layers', 'api-error')])

    assert [o.story for o in report] == [
        'error-recovers by retry: APIError: simulated fault',
    ]


def test_an_event_after_a_fault_may_raise():
    class Trusting(Careless):
        def __init__(self, framework: ops.Framework):
            super().__init__(framework)
            framework.observe(self.on.update_status, self._on_update_status)

        def _on_update_status(self, _: ops.EventBase) -> None:
            self.container.get_service('server')

    report = swept(Trusting, Fault('POST /v1/layers', 'api-error'))

    assert report[0].story == (
        "error-again at update_status: ModelError: service 'server' not found"
    )


def test_an_event_that_raises_anyway_does_not_follow():
    class Broken(Careless):
        def __init__(self, framework: ops.Framework):
            super().__init__(framework)
            framework.observe(self.on.update_status, self._on_update_status)

        def _on_update_status(self, _: ops.EventBase) -> None:
            raise RuntimeError

    report = swept(Broken, Fault('POST /v1/layers', 'api-error'))

    assert report[0].verdict == 'silent'
