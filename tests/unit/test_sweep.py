"""Sweeps over charms that stand faults, and over some that don't."""

from __future__ import annotations

import itertools
import pathlib
import re
from collections.abc import Callable
from typing import Any

import ops
import pytest
from ops import pebble

import scenario_pebble as scenario
from scenario_pebble import Fault
from tests.unit.sweptcharms import (
    LAYER,
    META,
    Base,
    Careful,
    Careless,
    Forgetful,
    Guarded,
    Stubborn,
    line_of,
    swept,
    verdicts,
)


def test_a_guard_does_not_hold():
    report = swept(Guarded)

    refused = 'error-recovers by retry: ConnectionError: [Errno 111] Connection refused'
    not_started = (
        'error-recovers by retry: ChangeError: cannot perform the following tasks: '
        '- Start service "server" (simulated fault)'
    )
    assert [(o.request, o.fault.label, o.story) for o in report] == [
        ('GET /v1/system-info', 'connection-refused before', 'recovers by pebble_ready'),
        ('POST /v1/layers', 'connection-refused before', refused),
        ('POST /v1/services', 'connection-refused before', refused),
        ('POST /v1/services', 'change-error before', not_started),
        ('POST /v1/services', 'change-error after', not_started),
        ('GET /v1/changes/1/wait', 'connection-refused before', refused),
    ]
    assert len(report.failures) == 5
    assert report[1].where == line_of(Base.apply, 1)
    assert report[1].fault == Fault('POST /v1/layers', 'connection-refused')


def test_a_careful_charm_stands_all_that_ops_translates():
    report = swept(Careful)

    assert verdicts(report) == [
        ('POST /v1/layers connection-refused before', 'recovers'),
        ('POST /v1/services connection-refused before', 'recovers'),
        ('POST /v1/services change-error before', 'reported'),
        ('POST /v1/services change-error after', 'reported'),
        ('GET /v1/changes/1/wait connection-refused before', 'recovers'),
    ]
    assert not report.failures
    assert report[2].story == 'reported: blocked: the server does not start'
    assert report[2].differences == (
        ".containers['web'].service_statuses['server']",
        '.unit_status.message',
        '.unit_status.name',
    )


def test_trouble_that_nobody_learns_of_is_a_failure():
    report = swept(Careless, 'change-error')

    assert verdicts(report.failures) == [('POST /v1/services change-error before', 'silent')]
    assert report[0].story == "silent: .containers['web'].service_statuses['server']"


def test_a_retry_that_raises_too_is_a_failure():
    report = swept(Stubborn, Fault('POST /v1/services'))

    assert verdicts(report) == [('POST /v1/services connection-refused before', 'error-again')]
    assert report[0].story == ('error-again at retry: APIError: layer "web" already exists')


def test_a_retry_that_leaves_something_undone_is_a_failure():
    report = swept(Forgetful, Fault('POST /v1/layers'))

    assert verdicts(report) == [('POST /v1/layers connection-refused before', 'error-differs')]
    assert report[0].differences == (
        ".containers['web'].plan['services']",
        ".containers['web'].service_statuses['server']",
    )


def test_a_service_that_runs_as_an_earlier_plan_said_is_a_difference():
    ctx = scenario.Context(Careless, meta=META)
    old = {'services': {'server': {'override': 'replace', 'command': 'old'}}}
    web = scenario.Container(
        'web', can_connect=True, layers={'web': old}, service_statuses={'server': 'active'}
    )
    state = scenario.State(containers={web})

    report = ctx.sweep(ctx.on.config_changed(), state, [Fault('POST /v1/services', 'api-error')])
    assert report[0].differences == (".containers['web'].outdated_services['server']",)


def test_pebble_ready_follows_only_what_befalls_a_pebble_that_restarts():
    faults = [Fault('POST /v1/layers', kind) for kind in Fault.KINDS if kind != 'change-error']

    report = swept(Careless, *faults[:2], *faults[4:])

    assert [(o.fault.kind, o.story) for o in report] == [
        ('connection-refused', 'recovers by pebble_ready'),
        ('socket-gone', 'recovers by pebble_ready'),
        (
            'api-error',
            "silent: .containers['web'].plan['services'] and 1 more",
        ),
        ('slow', 'unharmed'),
    ]


def test_all_kinds_meet_all_requests_before_and_after():
    report = swept(Guarded, *Fault.KINDS)

    assert [f'{o.request} {o.fault.label}' for o in report[6:17]] == [
        'POST /v1/layers connection-refused before',
        'POST /v1/layers socket-gone before',
        'POST /v1/layers connection-lost before',
        'POST /v1/layers connection-lost after',
        'POST /v1/layers timeout before',
        'POST /v1/layers timeout after',
        'POST /v1/layers api-error before',
        'POST /v1/layers api-error after',
        'POST /v1/layers slow before',
        'POST /v1/layers slow after',
        'POST /v1/services connection-refused before',
    ]
    assert len(report) == 34


def test_printing_gives_fixed_columns_and_the_sum():
    report = swept(Careful, Fault('POST', 'slow'), 'change-error')

    place = report[0].place
    assert place == f'tests/unit/sweptcharms.py:{line_of(Base.apply, 1).rpartition(":")[2]}'
    services = place.replace(place.split(':')[1], str(int(place.split(':')[1]) + 1))
    assert str(report) == (
        f'web  POST /v1/layers    slow before          {place}  unharmed\n'
        f'web  POST /v1/services  slow before          {services}  unharmed\n'
        f'web  POST /v1/services  change-error before  {services}  '
        'reported: blocked: the server does not start\n'
        f'web  POST /v1/services  change-error after   {services}  '
        'reported: blocked: the server does not start\n'
        '4 faults: 2 unharmed, 2 reported'
    )


def test_a_failed_assertion_shows_its_first_failure_in_one_line():
    report = swept(Guarded, Fault('POST /v1/layers'))

    assert repr(report.failures) == (
        "[1 fault: 1 error-recovers; <connection-refused before POST /v1/layers in 'web' "
        f'at {report[0].place}: '
        'error-recovers by retry: ConnectionError: [Errno 111] Connection refused>]'
    )


def test_a_sweep_leaves_no_trace_in_its_context():
    ctx = scenario.Context(Guarded, meta=META)
    web = scenario.Container('web', can_connect=True)

    ctx.sweep(ctx.on.config_changed(), scenario.State(containers={web}))

    assert list(ctx.timeline) == []
    assert (ctx.juju_log, ctx.emitted_events, ctx.unit_status_history) == ([], [], [])
    assert ctx.exec_history == {}


def test_equal_sweeps_have_equal_reports():
    assert swept(Guarded) == swept(Guarded)


def test_what_is_random_is_not_compared():
    passwords = itertools.count()

    class Random(Careful):
        def apply(self) -> None:
            layer: Any = {'services': {'server': {**LAYER['services']['server']}}}  # type: ignore[typeddict-item]
            layer['services']['server']['environment'] = {'PASSWORD': str(next(passwords))}
            self.container.add_layer('web', layer, combine=True)
            self.container.replan()

    report = swept(Random)

    assert [o.verdict for o in report] == [o.verdict for o in swept(Careful)]


def test_of_requests_that_one_line_repeats_the_first_and_the_last_fail():
    class Pushing(Base):
        def apply(self) -> None:
            for number in range(5):
                self.container.push(f'/{number}', '')

    report = swept(Pushing)

    assert [o.fault.number for o in report] == [1, 5]
    assert report.skipped == 3
    assert str(report).splitlines()[-1] == (
        '2 faults: 2 error-recovers (3 of repeated requests skipped)'
    )


def test_each_run_finds_the_mounts_as_they_were_and_leaves_them_so(tmp_path: pathlib.Path):
    class Mounted(Base):
        def apply(self) -> None:
            if not self.container.exists('/data/config'):
                self.container.push('/data/config', 'port = 80')
                self.container.push('/data/more', '')

    mount = scenario.Mount(location='/data', source=tmp_path)

    report = swept(Mounted, mounts={'data': mount})

    assert [(o.request, o.story.partition(' ')[0]) for o in report] == [
        ('GET /v1/files', 'error-recovers'),
        ('POST /v1/files', 'error-recovers'),
        ('POST /v1/files', 'error-differs:'),
    ]
    assert report[2].differences == (".containers['web'].mounted['/data/more']",)
    assert list(tmp_path.iterdir()) == []


def test_each_run_finds_the_storages_as_they_were_and_leaves_them_so():
    class Storing(Base):
        def apply(self) -> None:
            marker = self.model.storages['data'][0].location / 'done'
            if not marker.exists():
                marker.touch()
                self.container.push('/web.conf', marker.with_name('given').read_text())

    ctx = scenario.Context(Storing, meta={**META, 'storage': {'data': {'type': 'filesystem'}}})
    storage = scenario.Storage('data')
    (storage.get_filesystem(ctx) / 'given').write_text('port = 80')
    web = scenario.Container('web', can_connect=True)
    state = scenario.State(containers={web}, storages={storage})

    report = ctx.sweep(ctx.on.config_changed(), state, 'connection-lost')

    assert [(o.fault.label, o.verdict) for o in report] == [
        ('connection-lost before', 'error-differs'),
        ('connection-lost after', 'error-recovers'),
    ]
    assert [path.name for path in storage.get_filesystem(ctx).iterdir()] == ['given']


def test_a_failed_action_reports():
    class Backup(Base):
        def __init__(self, framework: ops.Framework):
            super().__init__(framework)
            framework.observe(self.on.backup_action, self._on_backup)

        def _on_backup(self, event: ops.ActionEvent) -> None:
            try:
                self.container.push('/backup', '')
                self.container.push('/done', '')
            except pebble.ConnectionError:
                event.fail('Pebble cannot be reached')

    ctx = scenario.Context(Backup, meta=META)
    web = scenario.Container('web', can_connect=True)
    state = scenario.State(containers={web})
    faults = [Fault('', 'connection-refused'), Fault('POST', 'api-error', after=True)]

    report = ctx.sweep(ctx.on.action('backup'), state, faults)

    assert [o.story for o in report] == [
        "reported: Pebble cannot be reached: .containers['web'].files['/backup'] and 1 more",
        "error-differs: APIError: simulated fault: .containers['web'].files['/done']",
        "reported: Pebble cannot be reached: .containers['web'].files['/done']",
        'error-recovers by itself: APIError: simulated fault',
    ]


class Executing(Base):
    def apply(self) -> None:
        self.container.exec(['ls']).wait_output()


def test_websockets_fail_only_if_a_fault_names_them():
    execs = [scenario.Exec([])]

    assert [o.request for o in swept(Executing, 'connection-refused', execs=execs)] == [
        'POST /v1/exec',
        'GET /v1/changes/1/wait',
    ]
    assert [o.request for o in swept(Executing, Fault('GET /v1/tasks'), execs=execs)] == [
        'GET /v1/tasks/1/websocket/control',
        'GET /v1/tasks/1/websocket/stdio',
        'GET /v1/tasks/1/websocket/stderr',
    ]


def test_bare_charm_errors_make_no_difference(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv('SCENARIO_BARE_CHARM_ERRORS', 'true')

    assert swept(Guarded, Fault('POST /v1/layers'))[0].verdict == 'error-recovers'


def test_faults_of_the_state_are_met_too():
    report = swept(
        Careful,
        Fault('POST /v1/layers', 'slow'),
        faults=[Fault('POST /v1/services', 'change-error')],
    )

    assert report[0].story == 'unharmed'
    assert report[0].status == 'blocked: the server does not start'


# -- what can't be swept


def refusal(run: Callable[[], Any], error: type[Exception]) -> str:
    with pytest.raises(error) as raised:
        run()
    return str(raised.value)


def test_a_sweep_that_meets_nothing_is_refused():
    ctx = scenario.Context(Careful, meta=META)
    state = scenario.State(containers={scenario.Container('web')})

    text = refusal(
        lambda: ctx.sweep(ctx.on.config_changed(), state), scenario.ScenarioRuntimeError
    )

    assert text == (
        "cannot sweep 'config_changed': no request to Pebble meets these faults\n"
        '  it makes: POST /v1/layers (cannot connect)\n'
        '  hint: does the State have a Container(…, can_connect=True)?'
    )


def test_more_cases_than_the_limit_are_refused():
    ctx = scenario.Context(Guarded, meta=META)
    state = scenario.State(containers={scenario.Container('web', can_connect=True)})

    text = refusal(
        lambda: ctx.sweep(ctx.on.config_changed(), state, limit=3), scenario.ScenarioRuntimeError
    )

    assert text == (
        "cannot sweep 'config_changed': 6 cases are more than 3\n"
        "  hint: ask for less, as faults=[Fault('POST', 'connection-refused')], or raise limit"
    )


def test_an_unknown_kind_is_refused():
    kind: Any = 'connection-refuse'

    text = refusal(lambda: swept(Careful, kind), scenario.StateValidationError)

    assert text == (
        "cannot sweep with 'connection-refuse': it is neither a Fault nor a kind of fault\n"
        "  hint: did you mean 'connection-refused'?"
    )


def test_a_charm_that_raises_anyway_cannot_be_swept():
    class Broken(Base):
        def apply(self) -> None:
            raise RuntimeError('broken')

    with pytest.raises(scenario.UncaughtCharmError, match=re.escape('RuntimeError: broken')):
        swept(Broken)
