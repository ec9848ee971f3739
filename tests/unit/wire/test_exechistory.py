from __future__ import annotations

from typing import Any

import ops
import pytest

import scenario_pebble as scenario

META: dict[str, Any] = {'name': 'web', 'containers': {'web': {}}}


class Sorting(ops.CharmBase):
    """Starts a command and does not close its standard input."""

    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        framework.observe(self.on.start, self._on_start)

    def _on_start(self, _: ops.StartEvent):
        process = self.unit.get_container('web').exec(['sort'])
        assert process.stdin is not None
        process.stdin.write('b\na\n')
        self.wait(process)

    def wait(self, process: Any) -> None:
        process.wait()


class Reading(Sorting):
    def wait(self, process: Any) -> None:
        process.wait_output()


@pytest.mark.parametrize('charm_type', [Sorting, Reading])
def test_what_was_written_and_not_flushed_is_in_the_history(charm_type: type[ops.CharmBase]):
    ctx = scenario.Context(charm_type, meta=META)
    web = scenario.Container('web', can_connect=True, execs={scenario.Exec(['sort'])})

    ctx.run(ctx.on.start(), scenario.State(containers={web}))

    assert [call.stdin for call in ctx.exec_history['web']] == ['b\na\n']
