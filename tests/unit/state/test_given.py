"""What is not what a State or an event is made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ops
import pytest

import scenario_pebble as scenario
from scenario_pebble import (
    BindAddress,
    Container,
    Context,
    Exec,
    Mount,
    Network,
    PeerRelation,
    Relation,
    Secret,
    State,
    StateValidationError,
)

WEB: Any = Container('web')

MISTAKES: dict[str, tuple[Callable[[], Any], str]] = {
    'no collection': (
        lambda: State(containers=WEB),
        "cannot use Container(name='web') for State.containers: it is no collection\n"
        '  hint: State(containers=[Container(…)])',
    ),
    'text instead of a collection': (
        lambda: State(containers=any_('web')),
        "cannot use 'web' for State.containers: it is no collection\n"
        '  hint: State(containers=[Container(…)])',
    ),
    'another thing in a set': (
        lambda: State(relations=any_([WEB])),
        "cannot use Container(name='web') in State.relations: its type is Container, "
        'not RelationBase\n  hint: State(relations=[Relation(…)])',
    ),
    'None in a set': (
        lambda: State(containers=any_({None})),
        'cannot use None in State.containers: its type is NoneType, not Container\n'
        '  hint: State(containers=[Container(…)])',
    ),
    'what cannot be in a set': (
        lambda: State(storages=any_([dict[str, str]()])),
        'cannot use {} in State.storages: its type is dict, not Storage\n'
        '  hint: State(storages=[Storage(…)])',
    ),
    'another thing in a list': (
        lambda: State(deferred=any_(['start'])),
        "cannot use 'start' in State.deferred: its type is str, not DeferredEvent\n"
        '  hint: State(deferred=[DeferredEvent(…)])',
    ),
    'no mapping': (
        lambda: State(config=any_(5)),
        "cannot use 5 for State.config: it is no mapping\n  hint: State(config={'…': …})",
    ),
    'a key that is no text': (
        lambda: Container('web', mounts=any_({5: Mount(location='/a', source='/b')})),
        'cannot use 5 in the keys of Container.mounts: its type is int, not str\n'
        "  hint: Container(mounts={'…': …})",
    ),
    'another thing in a mapping': (
        lambda: Container('web', programs=any_({'a': '/b'})),
        "cannot use '/b' in Container.programs: its type is str, not Program\n"
        "  hint: Container(programs={'…': Program(…)})",
    ),
    'one thing instead of a set': (
        lambda: Container('web', execs=any_(Exec(['a']))),
        "cannot use Exec(command_prefix=('a',)) for Container.execs: it is no collection\n"
        '  hint: Container(execs=[Exec(…)])',
    ),
    'one text instead of a list': (
        lambda: Network('db', egress_subnets='192.0.2.0/24'),
        "cannot use '192.0.2.0/24' for Network.egress_subnets: it is one string, "
        "not a list of strings\n  hint: Network(egress_subnets=['192.0.2.0/24'])",
    ),
    'a number among texts': (
        lambda: Network('db', egress_subnets=any_([8])),
        'cannot use 8 in Network.egress_subnets: its type is int, not str\n'
        "  hint: Network(egress_subnets=['…'])",
    ),
    'no databags': (
        lambda: Relation('db', remote_units_data=any_(None)),
        'cannot use None for Relation.remote_units_data: it is no mapping\n'
        '  hint: Relation(remote_units_data={1: …})',
    ),
    'names of units': (
        lambda: PeerRelation('cluster', peers_data=any_({'cluster/1': {}})),
        "cannot use 'cluster/1' in the keys of PeerRelation.peers_data: its type is str, not int\n"
        '  hint: PeerRelation(peers_data={1: …})',
    ),
    'a list of parameters': (
        lambda: scenario.Context(ops.CharmBase, {'name': 'web'}).on.action('a', any_([1])),
        'cannot use [1] for Action.params: its type is list, not mapping\n'
        "  hint: Action(params={'…': '…'})",
    ),
    'no grants': (
        lambda: Secret({'a': 'b'}, remote_grants=any_({1: None})),
        'cannot use None for Secret.remote_grants[1]: it is no collection\n'
        "  hint: remote_grants[1]=['…']",
    ),
}


def any_(value: object) -> Any:
    return value


@pytest.mark.parametrize('name', MISTAKES)
def test_a_mistake_is_named_where_it_is_made(name: str):
    make, message = MISTAKES[name]

    with pytest.raises(StateValidationError) as caught:
        make()

    assert str(caught.value) == message


@pytest.mark.parametrize(
    ('make', 'message'),
    [
        (Context.on.pebble_ready, "cannot make 'pebble_ready' about 'web': it is no Container"),
        (
            Context.on.relation_broken,
            "cannot make 'relation_broken' about 'web': it is no RelationBase",
        ),
        (Context.on.secret_changed, "cannot make 'secret_changed' about 'web': it is no Secret"),
        (Context.on.secret_rotate, "cannot make 'secret_rotate' about 'web': it is no Secret"),
    ],
)
def test_an_event_is_about_a_component(make: Callable[[Any], Any], message: str):
    hint = '  hint: pass the component that the State has'

    with pytest.raises(TypeError, match=f'^{message}\n{hint}$'):
        make('web')


def test_an_event_runs_on_a_state():
    ctx = scenario.Context(ops.CharmBase, meta={'name': 'web'})

    with pytest.raises(
        TypeError,
        match=r'^cannot start from None: it is no State\n'
        r'  hint: ctx\.run\(event, State\(…\)\)$',
    ):
        ctx.run(ctx.on.start(), any_(None))


def test_mounts_notices_and_addresses_are_looked_at_when_they_are_used():
    web = Container('web', mounts=any_({'a': '/b'}), notices=any_(['c']))
    network = Network('juju-info', [any_('x'), BindAddress([any_('y')])])
    ctx = scenario.Context(ops.CharmBase, meta={'name': 'web', 'containers': {'web': {}}})

    with pytest.raises(scenario.InconsistentScenarioError) as raised:
        ctx.run(ctx.on.start(), State(containers={web}, networks={network}))

    assert str(raised.value) == (
        "cannot run 'start': event, State and charm contradict each other\n"
        "  .networks['juju-info'].bind_addresses[0]: 'x' is no BindAddress\n"
        "  .networks['juju-info'].bind_addresses[1].addresses: 'y' is no Address\n"
        "  .containers['web'].mounts['a']: '/b' is no Mount\n"
        "  .containers['web'].notices[0]: 'c' is no Notice"
    )
