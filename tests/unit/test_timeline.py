from __future__ import annotations

import contextlib
import dataclasses
import json

import ops
import pytest

import scenario_pebble as scenario
from scenario_pebble.log import Log
from scenario_pebble.timeline import Timeline
from scenario_pebble.wire.exechistory import Recorded


class WebCharm(ops.CharmBase):
    """Writes a configuration file, and restarts the server if it changed."""

    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        framework.observe(self.on['web'].pebble_ready, self._configure)
        framework.observe(self.on.config_changed, self._configure)

    def _configure(self, _: ops.EventBase):
        web = self.unit.get_container('web')
        wanted = f'level = {self.config["level"]}\n'
        server: ops.pebble.ServiceDict = {
            'override': 'replace',
            'command': 'serve',
            'startup': 'enabled',
        }
        web.add_layer('web', {'services': {'server': server}}, combine=True)
        if not web.exists('/app.conf') or web.pull('/app.conf').read() != wanted:
            web.push('/app.conf', wanted)
            web.restart('server')
        self.unit.status = ops.ActiveStatus(wanted.strip())


@pytest.fixture
def ctx() -> scenario.Context[WebCharm]:
    return scenario.Context(
        WebCharm,
        meta={'name': 'web', 'containers': {'web': {}}},
        config={'options': {'level': {'type': 'string', 'default': 'info'}}},
    )


@pytest.fixture
def ready(ctx: scenario.Context[WebCharm]) -> scenario.State:
    web = scenario.Container('web', can_connect=True)
    return ctx.run(ctx.on.pebble_ready(web), scenario.State(containers={web}))


@pytest.mark.parametrize(
    ('question', 'arguments', 'message'),
    [
        (
            'requests',
            ['wbe'],
            r"^cannot look for container 'wbe': there is none\n  hint: did you mean 'web'\?$",
        ),
        (
            'restarted',
            ['db', 'server'],
            r"^cannot look for container 'db': there is none\n  hint: one of web$",
        ),
        (
            'changes',
            ['web', 'replaned'],
            r"^cannot look for kind of change 'replaned': there is none\n"
            r"  hint: did you mean 'replan'\?$",
        ),
    ],
)
def test_what_can_not_be_there_is_not_looked_for(
    ctx: scenario.Context[WebCharm],
    ready: scenario.State,
    question: str,
    arguments: list[str],
    message: str,
):
    with pytest.raises(ValueError, match=message):
        getattr(ctx.timeline.last_event, question)(*arguments)


def test_rows_of_a_kind_that_there_is_not_are_not_looked_for(ctx: scenario.Context[WebCharm]):
    with pytest.raises(
        ValueError,
        match=r"^cannot look for kind 'evnt': there is none\n  hint: did you mean 'event'\?$",
    ):
        ctx.timeline.filter(kind='evnt')


def test_what_a_charm_did_not_do_again_can_be_asserted(
    ctx: scenario.Context[WebCharm], ready: scenario.State
):
    ctx.run(ctx.on.config_changed(), ready)

    timeline = ctx.timeline.last_event
    assert timeline.events() == ['config_changed']
    assert timeline.requests('web', 'POST /v1/layers')
    assert not timeline.pushed('web', '/app.conf')
    assert not timeline.restarted('web', 'server')


def test_a_restart_and_a_write_are_seen(ctx: scenario.Context[WebCharm], ready: scenario.State):
    changed = scenario.State(containers=ready.containers, config={'level': 'debug'})

    ctx.run(ctx.on.config_changed(), changed)

    assert ctx.timeline.last_event.pushed('web', '/app.conf')
    assert ctx.timeline.last_event.restarted('web', 'server')
    assert ctx.timeline.services('web', 'server') == [
        'inactive → active',
        'active → inactive',
        'inactive (exit 143)',
        'inactive → active',
    ]


def test_what_the_charm_asked_of_its_services_is_told_apart(
    ctx: scenario.Context[WebCharm], ready: scenario.State
):
    (restart,) = ctx.timeline.changes('web', 'restart')

    assert (restart.subject, restart.text) == ('POST /v1/services', '202 change 1 (restart)')
    assert not ctx.timeline.changes('web', 'replan')


def test_how_often_the_charm_pushed_a_file_can_be_asserted(
    ctx: scenario.Context[WebCharm], ready: scenario.State
):
    server = scenario.Program(files={'/app.conf': 'by the program'})
    web = dataclasses.replace(ready.get_container('web'), programs={'server': server})
    with ctx(ctx.on.config_changed(), scenario.State(containers={web})) as manager:
        manager.charm.unit.get_container('web').push('/app.conf', 'by the charm')

    assert len(ctx.timeline.last_event.pushed('web', '/app.conf')) == 2
    assert ctx.timeline.last_event.pushed('web', '/app.conf')[-1].text == 'pushed, 13 bytes'


def test_signals_to_services_are_seen(ctx: scenario.Context[WebCharm], ready: scenario.State):
    server = scenario.Program(signals={'SIGHUP': scenario.OnSignal()})
    web = dataclasses.replace(ready.get_container('web'), programs={'server': server})
    again = ctx.run(ctx.on.pebble_ready(web), scenario.State(containers={web}))

    with ctx(ctx.on.config_changed(), again) as manager:
        manager.charm.unit.get_container('web').restart('server')
        manager.charm.unit.get_container('web').send_signal('SIGHUP', 'server')

    assert ctx.timeline.last_event.services('web', 'server')[-2:] == [
        'inactive → active',
        'SIGHUP',
    ]


def test_starting_for_the_first_time_is_no_restart(
    ctx: scenario.Context[WebCharm], ready: scenario.State
):
    assert not ctx.timeline.restarted('web', 'server')


def test_a_request_knows_its_outcome_and_the_line_that_made_it(
    ctx: scenario.Context[WebCharm], ready: scenario.State
):
    (request,) = ctx.timeline.requests('web', 'POST /v1/layers')

    assert request.text == '200'
    assert request.where.startswith(f'{__file__}:')


def test_columns_line_up_and_times_count_from_the_first_row():
    log = Log()
    log.add(5_000_000_000, '', 'event', 'start', '')
    log.add(5_000_400_000, 'db', 'check', 'http-test', 'failure 1/3')
    log.add(35_001_000_000, 'db', 'service', 'x', 'active → backoff (exit 1)')

    assert str(Timeline.of(log)) == (
        ' +0.000s  -   event    start\n'
        ' +0.000s  db  check    http-test  failure 1/3\n'
        '+30.001s  db  service  x          active → backoff (exit 1)'
    )


def test_the_oldest_rows_are_dropped_and_counted():
    log = Log(limit=2)
    for number in range(5):
        log.add(number, '', 'event', f'e{number}', '')

    assert str(Timeline.of(log)).splitlines()[0] == '(3 older rows dropped)'
    assert Timeline.of(log).events() == ['e3', 'e4']


def test_rows_can_be_had_as_json():
    log = Log()
    log.add(1_000_000_000, '', 'event', 'start', '')
    log.add(1_500_000_000, 'db', 'file', '/a', 'pushed')

    assert json.loads(Timeline.of(log).to_json())[1] == {
        'at': 0.5,
        'container': 'db',
        'kind': 'file',
        'subject': '/a',
        'text': 'pushed',
    }


def test_an_empty_timeline_prints_nothing():
    assert str(Timeline.of(Log())) == ''
    assert not Timeline.of(Log()).last_event


def test_a_part_of_it_keeps_the_times():
    log = Log()
    log.add(1_000_000_000, '', 'event', 'start', '')
    log.add(31_500_000_000, 'db', 'check', 'up', 'up')
    timeline = Timeline.of(log)

    assert str(timeline[1:]) == '+30.500s  db  check  up  up'
    assert str(timeline.filter(kind='check')) == str(timeline[1:])
    assert timeline.at(timeline[1]) == 30.5


def test_what_does_not_fit_goes_on_in_the_next_line():
    log = Log()
    log.add(0, '', 'status', 'unit', f'blocked: {"no database " * 9}')
    log.add(0, '', 'error', 'start', 'Exception: first line\nsecond line')

    assert str(Timeline.of(log)).split('\n') == [
        f'+0.000s  -  status  unit   blocked: {"no database " * 5}no',
        '                           database no database no database no database',
        '+0.000s  -  error   start  Exception: first line',
        '                           second line',
    ]


def test_of_a_request_that_failed_it_tells_who_made_it():
    def act(charm: ops.CharmBase) -> None:
        with pytest.raises(ops.pebble.ConnectionError):
            charm.unit.get_container('web').start('server')

    class Starting(ops.CharmBase):
        def __init__(self, framework: ops.Framework):
            super().__init__(framework)
            framework.observe(self.on.start, self._start)

        def _start(self, _: ops.EventBase) -> None:
            act(self)

    ctx = scenario.Context(Starting, meta={'name': 'web', 'containers': {'web': {}}})
    web = scenario.Container('web')

    ctx.run(ctx.on.start(), scenario.State(containers={web}))

    line = act.__code__.co_firstlineno + 2
    assert str(ctx.timeline).endswith(f'cannot connect (test_timeline.py:{line})')
    [request, *_] = json.loads(ctx.timeline.requests('web').to_json())
    assert request['where'] == f'test_timeline.py:{line}'


@pytest.mark.parametrize(
    ('command', 'text'),
    [
        (scenario.Exec(['x']), 'exit 0'),
        (scenario.Exec(['x'], stdout='one\ntwo\n', stderr='three'), 'exit 0: one'),
        (scenario.Exec(['x'], stdout='one', stderr='\nthree\n', return_code=2), 'exit 2: three'),
        (scenario.Exec(['x'], stdout='one', return_code=2, duration=3), 'exit 2: one'),
        (scenario.Exec(['x'], stdout=b'\xff' + b'a' * 200), f'exit 0: \ufffd{"a" * 79}…'),
    ],
)
def test_a_command_is_shown_with_the_first_line_that_it_wrote(command: scenario.Exec, text: str):
    class Running(ops.CharmBase):
        def __init__(self, framework: ops.Framework):
            super().__init__(framework)
            framework.observe(self.on.start, self._start)

        def _start(self, _: ops.EventBase) -> None:
            with contextlib.suppress(ops.pebble.ExecError):
                self.unit.get_container('web').exec(['x'], encoding=None).wait_output()

    ctx = scenario.Context(Running, meta={'name': 'web', 'containers': {'web': {}}})
    web = scenario.Container('web', can_connect=True, execs={command})

    ctx.run(ctx.on.start(), scenario.State(containers={web}))

    assert [row.text for row in ctx.timeline.filter(kind='exec')] == [text]


def test_commands_are_remembered_longer_than_rows():
    ctx = scenario.Context(ops.CharmBase, meta={'name': 'x'})
    ctx.log.ran('web', Recorded(['ls'], {}, bytearray()))
    for number in range(20_000):
        ctx.log.add(number, '', 'event', 'e', '')

    assert ctx.timeline.dropped == 10_000
    assert [args.command for args in ctx.exec_history['web']] == [['ls']]
