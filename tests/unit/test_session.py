from __future__ import annotations

import ops
import pytest

import scenario_pebble as scenario


class Failing(ops.CharmBase):
    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        framework.observe(self.on.start, self._on_start)

    def _on_start(self, _: ops.StartEvent):
        raise KeyError('missing')


@pytest.mark.parametrize('value', ['true', 'True', '1', '007'])
def test_the_charms_own_error_is_raised_on_demand(value: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv('SCENARIO_BARE_CHARM_ERRORS', value)
    ctx = scenario.Context(Failing, meta={'name': 'web'})

    with pytest.raises(KeyError):
        ctx.run(ctx.on.start(), scenario.State())


@pytest.mark.parametrize('value', ['', 'false', '0', '00', '-1', '²'])
def test_other_values_do_not_ask_for_it(value: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv('SCENARIO_BARE_CHARM_ERRORS', value)
    ctx = scenario.Context(Failing, meta={'name': 'web'})

    with pytest.raises(scenario.UncaughtCharmError):
        ctx.run(ctx.on.start(), scenario.State())


def test_the_message_of_the_charms_error_has_no_lines_to_spare():
    class Asking(Failing):
        def _on_start(self, _: ops.StartEvent):
            raise ops.ModelError('ERROR resource not found\n')

    ctx = scenario.Context(Asking, meta={'name': 'web'})

    with pytest.raises(scenario.UncaughtCharmError) as caught:
        ctx.run(ctx.on.start(), scenario.State())

    first, hint = str(caught.value).split('\n')
    assert first == "cannot finish 'start': the charm raised ModelError: ERROR resource not found"
    assert hint.startswith('  hint: ')
