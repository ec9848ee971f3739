"""What an Exec's handler may do wrong."""

from __future__ import annotations

import sys
from typing import Any

import ops
import pytest

import scenario_pebble as scenario

from .timecharm import container, state, watcher


def migrate(handler: Any) -> None:
    """Let the charm run a command that has this handler."""

    def act(charm: ops.CharmBase, _: ops.EventBase) -> None:
        charm.unit.get_container('web').exec(['app', 'migrate']).wait()

    web = container(execs=[scenario.Exec(['app'], handler=handler)])
    ctx, _ = watcher('start', act=act)
    ctx.run(ctx.on.start(), state(web))


def test_an_error_in_a_handler_is_none_of_the_charms():
    def handler(call: scenario.ExecCall) -> str:
        return call.environment['TOKEN']

    with pytest.raises(
        scenario.ScenarioRuntimeError,
        match=r"^cannot run the handler of Exec\(\['app'\]\): it raised KeyError: 'TOKEN'\n"
        r'  hint: the error above is its own; for a command that fails, return '
        r'ExecResult\(1, stderr=…\)$',
    ) as caught:
        migrate(handler)

    assert isinstance(caught.value.__cause__, KeyError)
    assert not isinstance(caught.value, scenario.UncaughtCharmError)


def test_without_pyfakefs_the_extra_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, 'scenario_pebble.fakefs', None)

    with pytest.raises(scenario.ScenarioRuntimeError) as caught:
        migrate(lambda call: call.path('/etc/app.conf').read_text())  # type: ignore[reportUnknownLambdaType]

    assert str(caught.value.__cause__) == (
        "cannot make a path on a container's files: pyfakefs is not installed\n"
        '  hint: pip install scenario-pebble[fs]'
    )


def test_a_handler_returns_what_a_command_can_give():
    with pytest.raises(
        scenario.ScenarioRuntimeError,
        match=r'^cannot use what the handler of an Exec returned: True\n'
        r'  hint: return an ExecResult, the stdout \(str or bytes\), the return code \(int\), '
        r'or None$',
    ):
        migrate(lambda call: True)  # type: ignore[reportUnknownLambdaType]


def test_of_equal_prefixes_the_same_exec_always_answers():
    def outputs(execs: list[scenario.Exec]) -> list[str]:
        def act(charm: ops.CharmBase, _: ops.EventBase) -> None:
            process = charm.unit.get_container('web').exec(['app', 'migrate'])
            found.append(process.wait_output()[0])

        found: list[str] = []
        ctx, _ = watcher('start', act=act)
        ctx.run(ctx.on.start(), state(container(execs=execs)))
        return found

    execs = [scenario.Exec(['app'], stdout=str(number)) for number in range(9)]

    assert outputs(execs) == outputs(execs[::-1]) == ['0']
