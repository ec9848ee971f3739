from __future__ import annotations

import contextlib
import copy
import logging
import os
import sys
import threading
import warnings
from collections.abc import Callable
from typing import Any

import ops
import pytest

import scenario_pebble as scenario

META: dict[str, Any] = {
    'name': 'web',
    'containers': {'web': {}, 'db': {}},
    'actions': {'backup': {}},
}


def charm(act: Callable[[ops.CharmBase], Any]) -> type[ops.CharmBase]:
    """A charm that does one thing at update-status and at the action."""

    class Charm(ops.CharmBase):
        def __init__(self, framework: ops.Framework):
            super().__init__(framework)
            framework.observe(self.on.update_status, self._on_event)
            framework.observe(self.on.backup_action, self._on_event)

        def _on_event(self, _: ops.EventBase):
            act(self)

    return Charm


def run(act: Callable[[ops.CharmBase], Any], *containers: scenario.Container) -> scenario.State:
    ctx = scenario.Context(charm(act), meta=META)
    return ctx.run(ctx.on.update_status(), scenario.State(containers=containers))


def test_what_an_event_does_not_touch_is_the_same_object():
    web = scenario.Container('web', can_connect=True)
    db = scenario.Container('db', can_connect=True, files={'/a': '1'})
    state = scenario.State(containers={web, db}, relations={scenario.Relation('x')})
    ctx = scenario.Context(
        charm(lambda c: c.unit.get_container('web').push('/b', '2')),
        meta={**META, 'requires': {'x': {'interface': 'x'}}},
    )

    out = ctx.run(ctx.on.update_status(), state)

    assert out.get_container('db') is db
    assert out.relations is state.relations
    assert out.get_container('web').files['/b'].text == '2'
    assert web.files == scenario.FileTree()


def test_a_run_that_changes_nothing_gives_the_state_itself():
    state = scenario.State(leader=True, containers={scenario.Container('web', can_connect=True)})
    ctx = scenario.Context(charm(lambda c: c.unit.get_container('web').exists('/x')), meta=META)

    assert ctx.run(ctx.on.update_status(), state) is state


def test_files_and_services_stay_when_the_output_is_fed_back():
    def act(c: ops.CharmBase) -> None:
        container = c.unit.get_container('web')
        old = container.pull('/log').read() if container.exists('/log') else ''
        container.push('/log', f'{old}+')

    ctx = scenario.Context(charm(act), meta=META)
    state = scenario.State(containers={scenario.Container('web', can_connect=True)})

    for _ in range(3):
        state = ctx.run(ctx.on.update_status(), state)

    assert state.get_container('web').files['/log'].text == '+++'


def test_an_error_of_the_charm_is_the_cause_of_the_one_that_the_test_sees():
    def act(c: ops.CharmBase) -> None:
        raise LookupError('no such thing')

    with pytest.raises(scenario.UncaughtCharmError) as caught:
        run(act)

    assert isinstance(caught.value.__cause__, LookupError)
    assert str(caught.value).startswith(
        "cannot finish 'update_status': the charm raised LookupError: no such thing\n"
    )


def test_bare_errors_are_raised_as_they_are(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv('SCENARIO_BARE_CHARM_ERRORS', 'TRUE')

    def act(c: ops.CharmBase) -> None:
        raise LookupError('no such thing')

    with pytest.raises(LookupError, match=r'^no such thing$'):
        run(act)


def test_nothing_stays_behind_after_a_failed_run():
    def snapshot() -> Any:
        root = logging.getLogger()
        hooks = (sys.excepthook, sys.breakpointhook, warnings.showwarning)
        return dict(os.environ), list(root.handlers), root.level, hooks, threading.active_count()

    def act(c: ops.CharmBase) -> None:
        os.environ['LEFT_BEHIND'] = 'yes'
        os.environ.pop('PATH')
        logging.getLogger().addHandler(logging.NullHandler())
        warnings.simplefilter('ignore')
        sys.excepthook = print
        raise LookupError

    before, filters = snapshot(), list(warnings.filters)

    with pytest.raises(scenario.UncaughtCharmError):
        run(act)

    assert snapshot() == before
    assert list(warnings.filters) == filters


def test_a_test_may_put_another_mapping_in_the_place_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
):
    seen: list[str] = []
    monkeypatch.setattr(os, 'environ', {'HOME': '/root'})

    def act(c: ops.CharmBase) -> None:
        seen.extend((os.environ['JUJU_UNIT_NAME'], os.environ['HOME']))
        os.environ['LEFT_BEHIND'] = 'yes'

    run(act)

    assert seen == ['web/0', '/root']
    assert os.environ == {'HOME': '/root'}


def test_a_container_that_the_state_lacks_is_named_even_if_the_charm_catches_everything():
    def act(c: ops.CharmBase) -> None:
        with contextlib.suppress(Exception):
            c.unit.get_container('db').can_connect()

    with pytest.raises(scenario.InconsistentScenarioError) as caught:
        run(act, scenario.Container('web', can_connect=True))

    assert str(caught.value) == (
        "cannot reach container 'db': the State has no such container\n"
        "  the State has containers: 'web'\n"
        "  hint: State(containers={Container('db', can_connect=True)})"
    )


def test_a_container_that_cannot_be_connected_to_refuses_everything():
    answers: list[Any] = []

    def act(c: ops.CharmBase) -> None:
        container = c.unit.get_container('web')
        answers.append(container.can_connect())
        for request in (
            lambda: container.push('/a', 'b'),
            lambda: container.pull('/a'),
            lambda: container.exec(['ls']),
            container.get_plan,
            container.get_checks,
            container.get_notices,
            lambda: container.pebble.notify(ops.pebble.NoticeType.CUSTOM, 'a.b/c'),
        ):
            with pytest.raises(ops.pebble.ConnectionError) as caught:
                request()
            answers.append(str(caught.value))

    run(act, scenario.Container('web'))

    refusal = (
        "Could not connect to Pebble: socket not found at '/charm/containers/web/pebble.socket' "
        '(container restarted?)'
    )
    assert answers == [False] + [refusal] * 7


def test_a_client_that_the_charm_makes_itself_reaches_the_same_daemon():
    def act(c: ops.CharmBase) -> None:
        client = ops.pebble.Client('/charm/containers/web/pebble.socket')
        client.push('/a', 'by hand')
        assert c.unit.get_container('web').pull('/a').read() == 'by hand'
        assert client.exec(['echo']).wait_output() == ('hi\n', '')

    out = run(
        act,
        scenario.Container(
            'web', can_connect=True, execs={scenario.Exec(['echo'], stdout='hi\n')}
        ),
    )

    assert out.get_container('web').files['/a'].text == 'by hand'


def test_other_sockets_are_left_alone():
    def act(c: ops.CharmBase) -> None:
        client = ops.pebble.Client('/nowhere/pebble.socket')
        with pytest.raises(ops.pebble.ConnectionError):
            client.get_system_info()

    run(act)


@pytest.mark.parametrize(
    ('event', 'message'),
    [
        (
            'update-status',
            "cannot run 'update-status': an event is no string\n"
            '  hint: ctx.run(ctx.on.update_status(…), state)',
        ),
        (
            scenario.CharmEvents.update_status,
            'cannot run update_status: it was not called\n'
            '  hint: ctx.run(ctx.on.update_status(), state)',
        ),
    ],
)
def test_what_is_no_event_is_refused(event: Any, message: str):
    ctx = scenario.Context(charm(lambda c: None), meta=META)

    with pytest.raises(TypeError) as caught:
        ctx.run(event, scenario.State())

    assert str(caught.value) == message


def test_a_manager_gives_the_charm_and_runs_the_event_once():
    seen: list[str] = []
    ctx = scenario.Context(charm(lambda c: seen.append(c.unit.name)), meta=META)

    with ctx(ctx.on.update_status(), scenario.State()) as mgr:
        assert mgr.charm.unit.name == 'web/0'
        assert seen == []
        mgr.run()
        with pytest.raises(scenario.AlreadyEmittedError):
            mgr.run()

    assert seen == ['web/0']


def test_leaving_the_block_of_a_manager_runs_the_event():
    seen: list[str] = []
    ctx = scenario.Context(charm(lambda c: seen.append(c.unit.name)), meta=META)

    with ctx(ctx.on.update_status(), scenario.State()):
        pass

    assert seen == ['web/0']


def test_an_action_that_fails_raises_with_its_results_and_the_state():
    class Failing(ops.CharmBase):
        def __init__(self, framework: ops.Framework):
            super().__init__(framework)
            framework.observe(self.on.backup_action, self._on_backup)

        def _on_backup(self, event: ops.ActionEvent):
            event.log('trying')
            event.set_results({'path': '/b'})
            self.unit.status = ops.BlockedStatus('no disk')
            event.fail('disk full')

    ctx = scenario.Context(Failing, meta=META)

    with pytest.raises(scenario.ActionFailed, match=r'^disk full$') as caught:
        ctx.run(ctx.on.action('backup'), scenario.State())

    assert caught.value.output == scenario.ActionOutput(['trying'], {'path': '/b'})
    assert caught.value.state is not None
    assert caught.value.state.unit_status == scenario.BlockedStatus('no disk')


def test_commands_are_recorded_with_what_they_were_sent():
    def act(c: ops.CharmBase) -> None:
        container = c.unit.get_container('web')
        container.exec(['tr', 'a', 'b'], stdin='aaa', timeout=5, environment={'A': '1'}).wait()
        process = container.exec(['tr'], encoding=None)
        assert process.stdin is not None
        process.stdin.write(b'bytes')
        process.stdin.close()
        process.wait()

    ctx = scenario.Context(charm(act), meta=META)
    web = scenario.Container('web', can_connect=True, execs={scenario.Exec(['tr'])})

    ctx.run(ctx.on.update_status(), scenario.State(containers={web}))

    first, second = ctx.exec_history['web']
    assert (first.command, first.stdin, first.timeout) == (['tr', 'a', 'b'], 'aaa', 5)
    assert first.environment == {'A': '1'}
    assert (second.stdin, second.encoding) == (b'bytes', None)


def run_migration(c: ops.CharmBase) -> None:
    c.unit.get_container('web').exec(['app', 'migrate']).wait()


def test_a_command_that_no_exec_answers_is_refused_with_a_hint_in_the_timeline():
    ctx = scenario.Context(charm(run_migration), meta=META)
    web = scenario.Container('web', can_connect=True, execs={scenario.Exec(['ls'])})

    with pytest.raises(scenario.UncaughtCharmError) as caught:
        ctx.run(ctx.on.update_status(), scenario.State(containers={web}))

    assert str(caught.value.__cause__) == 'cannot find executable "app"'
    [hint] = ctx.timeline.filter(kind='hint')
    assert (hint.container, hint.subject) == ('web', 'app')
    assert hint.text == "Container('web', execs={Exec(['app', 'migrate'])})"


def test_what_the_charm_raised_ends_the_timeline_of_its_event():
    ctx = scenario.Context(charm(run_migration), meta=META)
    web = scenario.Container('web', can_connect=True)

    with pytest.raises(scenario.UncaughtCharmError):
        ctx.run(ctx.on.update_status(), scenario.State(containers={web}))

    error = list(ctx.timeline)[-1]
    assert (error.kind, error.subject) == ('error', 'update_status')
    assert error.text == 'ops.pebble.APIError: cannot find executable "app"'


def test_a_context_may_answer_what_no_exec_does():
    class Answering(scenario.Context[ops.CharmBase]):
        def unanswered(self, container: str, command: tuple[str, ...]) -> scenario.Exec | None:
            return scenario.Exec(command, return_code=len(container))

    ctx = Answering(charm(run_migration), meta=META)
    web = scenario.Container('web', can_connect=True)

    with pytest.raises(scenario.UncaughtCharmError) as caught:
        ctx.run(ctx.on.update_status(), scenario.State(containers={web}))

    assert str(caught.value.__cause__).startswith('non-zero exit code 3 executing ')
    assert ctx.exec_history == {}


def test_runs_in_several_threads_do_not_disturb_each_other():
    ctx = scenario.Context(charm(lambda c: c.unit.get_container('web').push('/a', 'b')), meta=META)
    state = scenario.State(containers={scenario.Container('web', can_connect=True)})
    results: list[scenario.State] = []

    def work() -> None:
        results.extend(ctx.run(ctx.on.update_status(), state) for _ in range(5))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(results) == 20
    assert all(out == results[0] for out in results)


def test_a_juju_that_is_too_old_is_doubted(caplog: pytest.LogCaptureFixture):
    scenario.Context(ops.CharmBase, meta=META, juju_version='2.9.50')

    assert caplog.messages == ['Juju 2.9.50 is not simulated: charms see that of version 3']


@pytest.mark.parametrize('copied', [copy.copy, copy.deepcopy])
def test_a_copy_of_a_context_goes_its_own_way(copied: Callable[[Any], scenario.Context[Any]]):
    def act(charm: ops.CharmBase):
        charm.unit.get_container('web').exec(['app']).wait()
        charm.unit.status = ops.ActiveStatus()

    web = scenario.Container('web', can_connect=True, execs={scenario.Exec(['app'])})
    state = scenario.State(containers={web})
    ctx = scenario.Context(charm(act), meta=META, unit_id=3, app_name='shop')
    ctx.run(ctx.on.update_status(), state)
    shown = str(ctx.timeline)

    other = copied(ctx)
    same = (str(other.timeline), other.unit_name, other.charm_dir == ctx.charm_dir)
    other.run(other.on.update_status(), state)

    assert same == (shown, 'shop/3', False)
    assert [len(c.exec_history['web']) for c in (ctx, other)] == [1, 2]
    assert [len(c.emitted_events) for c in (ctx, other)] == [1, 2]
    assert [len(c.unit_status_history) for c in (ctx, other)] == [1, 2]
    assert str(ctx.timeline) == shown


def test_a_copy_of_a_context_has_storages_of_its_own():
    ctx = scenario.Context(
        ops.CharmBase, meta={'name': 'web', 'storage': {'data': {'type': 'filesystem'}}}
    )
    file = ctx.storage_root('data', 0) / 'file'
    file.write_text('before')

    other = copy.deepcopy(ctx)
    file.write_text('after')

    assert (other.storage_root('data', 0) / 'file').read_text() == 'before'
