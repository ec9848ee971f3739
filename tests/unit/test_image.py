"""What a container has from its image and from the charm's metadata."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import ops
import pytest
from ops import pebble

import scenario_pebble as s

LAYERS = '/var/lib/pebble/default/layers'
BASE = 'services: {web: {override: replace, command: /bin/web, startup: enabled}}'
META = {
    'name': 'web',
    'storage': {'data': {'type': 'filesystem'}},
    'containers': {
        'web': {'uid': 584792, 'gid': 584790, 'mounts': [{'storage': 'data', 'location': '/data'}]}
    },
}


class Charm(ops.CharmBase):
    pass


@pytest.fixture
def ctx():
    return s.Context(Charm, meta=META)


def container_of(state: s.State) -> s.Container:
    return state.get_container('web')


def run(ctx: s.Context[Charm], state: s.State, act: Callable[[ops.Container], Any]) -> s.State:
    with ctx(ctx.on.update_status(), state) as mgr:
        act(mgr.charm.unit.get_container('web'))
        return mgr.run()


def test_layers_of_the_image_are_in_the_plan(ctx: s.Context[Charm]):
    container = s.Container('web', can_connect=True, image={f'{LAYERS}/001-base.yaml': BASE})
    seen: dict[str, pebble.Service] = {}

    out = run(ctx, s.State(containers={container}), lambda c: seen.update(c.get_plan().services))

    assert seen['web'].command == '/bin/web'
    assert container.plan.services == seen
    assert not container_of(out).layers


def test_a_layer_of_the_image_can_be_combined_with(ctx: s.Context[Charm]):
    container = s.Container('web', can_connect=True, image={f'{LAYERS}/001-base.yaml': BASE})
    more = {'services': {'web': {'override': 'merge', 'user': 'root'}}}

    out = run(
        ctx,
        s.State(containers={container}),
        lambda c: c.add_layer('base', more, combine=True),  # type: ignore[arg-type]
    )

    assert container_of(out).layers['base'].services['web'].command == '/bin/web'


def test_a_restart_goes_back_to_the_image_and_keeps_storages(ctx: s.Context[Charm]):
    image = {f'{LAYERS}/001-base.yaml': BASE, '/etc/app.conf': 'old'}
    web = s.Container('web', can_connect=True, image=image)
    state = s.State(containers={web}, storages={s.Storage('data')})

    def change(c: ops.Container) -> None:
        c.push('/etc/app.conf', 'new')
        c.push('/data/db', 'rows')
        c.add_layer('mine', {'services': {'mine': {'override': 'replace', 'command': 'x'}}})

    state = run(ctx, state, change)
    out = container_of(ctx.restart_container(state, 'web'))

    assert out.files['/etc/app.conf'].text == 'old'
    assert out.files['/data/db'].text == 'rows'
    assert list(out.layers) == ['base']


def test_a_replaced_container_keeps_storages(ctx: s.Context[Charm]):
    web = s.Container('web', can_connect=True)
    state = s.State(containers={web}, storages={s.Storage('data')})

    state = run(
        ctx, state, lambda c: (c.push('/data/db', 'rows'), c.push('/tmp/x', '', make_dirs=True))
    )
    out = container_of(ctx.replace_container(state, 'web'))

    assert '/tmp' not in out.files
    assert out.files['/data/db'].text == 'rows'


def test_a_storage_that_the_state_lacks_is_not_mounted(ctx: s.Context[Charm]):
    state = s.State(containers={s.Container('web', can_connect=True)})
    seen: list[bool] = []

    run(ctx, state, lambda c: seen.append(c.exists('/data')))

    assert seen == [False]


def test_a_storage_that_nobody_wrote_to_does_not_show(ctx: s.Context[Charm]):
    web = s.Container('web', can_connect=True)
    state = s.State(containers={web}, storages={s.Storage('data')})
    seen: list[bool] = []

    out = run(ctx, state, lambda c: seen.append(c.isdir('/data')))

    assert seen == [True]
    assert out == state
    assert container_of(out) is container_of(state)


def test_pebble_runs_as_the_user_in_the_metadata(ctx: s.Context[Charm]):
    state = s.State(containers={s.Container('web', can_connect=True)})

    def push(c: ops.Container) -> None:
        c.push('/tmp/own', '', make_dirs=True)
        c.push('/tmp/named', '', user='_daemon_', group='_daemon_')
        with pytest.raises(pebble.PathError, match='not permitted'):
            c.push('/tmp/root', '', user='root', group='root')

    files = container_of(run(ctx, state, push)).files

    assert (files['/tmp/own'].user_id, files['/tmp/own'].group_id) == (584792, 584790)
    assert (files['/tmp/named'].user_id, files['/tmp/named'].user) == (584792, '_daemon_')


def test_an_image_that_pebble_does_not_start_with_is_an_error(ctx: s.Context[Charm]):
    container = s.Container('web', can_connect=True, image={f'{LAYERS}/base.yaml': BASE})

    with pytest.raises(s.errors.StateValidationError, match='invalid layer filename'):
        ctx.run(ctx.on.update_status(), s.State(containers={container}))


def test_layers_that_contradict_each_other_are_a_problem_of_the_state(ctx: s.Context[Charm]):
    loop = {
        name: {'override': 'replace', 'command': name, 'after': [other]}
        for name, other in (('a', 'b'), ('b', 'a'))
    }
    container = s.Container('web', layers={'l': {'services': loop}})

    with pytest.raises(s.errors.InconsistentScenarioError, match=r'layers: .*loop'):
        ctx.run(ctx.on.update_status(), s.State(containers={container}))


def test_an_image_declares_the_directories(ctx: s.Context[Charm]):
    state = s.State(containers={s.Container('web', can_connect=True, image={'/etc/x': ''})})
    layer = {'services': {'a': {'override': 'replace', 'command': 'a', 'working-dir': '/nope'}}}
    run_layer = dataclasses.replace(container_of(state), layers={'l': layer})

    def start(c: ops.Container) -> None:
        with pytest.raises(pebble.ChangeError, match='no such file or directory'):
            c.start('a')

    run(ctx, s.State(containers={run_layer}), start)
