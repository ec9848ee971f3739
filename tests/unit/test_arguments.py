"""An argument of another type than the parameter's is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ops
import pytest

import scenario_pebble as scenario
from scenario_pebble.arguments import checked

META: dict[str, Any] = {'name': 'web', 'containers': {'web': {}}}
WEB = scenario.Container('web', can_connect=True)
STATE = scenario.State(containers={WEB})


def any_(value: object) -> Any:
    return value


def context() -> scenario.Context[ops.CharmBase]:
    return scenario.Context(ops.CharmBase, META)


@pytest.mark.parametrize(
    ('call', 'message'),
    [
        (
            lambda: STATE.with_config(any_(None)),
            'cannot use None for options of with_config(): its type is NoneType, not mapping\n'
            "  hint: options={'…': '…'}",
        ),
        (
            lambda: STATE.with_config(port=any_(None)),
            'cannot use None for port of with_config(): '
            "its type is NoneType, not str or int or float or bool\n  hint: port='…'",
        ),
        (
            lambda: STATE.with_relation(any_(None)),
            'cannot use None for relation of with_relation(): '
            'its type is NoneType, not RelationBase or int or str\n'
            '  hint: relation=Relation(…)',
        ),
        (
            lambda: STATE.get_container(any_(WEB)),
            "cannot use Container(name='web', can_connect=True) for container of "
            "get_container(): its type is Container, not str\n  hint: give its name, 'web'",
        ),
        (
            lambda: scenario.State.from_yaml(any_(None)),
            'cannot use None for text of from_yaml(): its type is NoneType, not str\n'
            "  hint: text='…'",
        ),
        (
            lambda: scenario.State.from_json(any_(3)),
            "cannot use 3 for text of from_json(): its type is int, not str\n  hint: text='…'",
        ),
        (
            lambda: scenario.State.from_context(any_(None)),
            'cannot use None for ctx of from_context(): its type is NoneType, not Context\n'
            '  hint: ctx=Context(…)',
        ),
        (
            lambda: scenario.State.from_context(context(), containers=any_(WEB)),
            "cannot use Container(name='web', can_connect=True) for containers of "
            'from_context(): its type is Container, not collection or None\n'
            '  hint: containers=[Container(…)]',
        ),
        (
            lambda: scenario.State.from_context(context(), **any_({'leeder': True})),
            "cannot make a State with 'leeder': it has no such field\n"
            "  hint: did you mean 'leader'?",
        ),
        (
            lambda: WEB.with_service('a', any_(3)),
            'cannot use 3 for service of with_service(): its type is int, not dict or None\n'
            '  hint: service={…}',
        ),
        (
            lambda: WEB.with_file(any_(None), 'x'),
            'cannot use None for path of with_file(): '
            "its type is NoneType, not str or PurePath\n  hint: path='…'",
        ),
        (
            lambda: WEB.with_exec(any_('ls')),
            "cannot use 'ls' for command of with_exec(): its type is str, not Exec\n"
            '  hint: command=Exec(…)',
        ),
        (
            lambda: scenario.load_databag(any_(None)),
            'cannot use None for databag of load_databag(): its type is NoneType, not mapping\n'
            "  hint: databag={'…': '…'}",
        ),
        (
            lambda: context().timeline.filter(kind=any_(3)),
            'cannot use 3 for kind of filter(): its type is int, not str or None\n'
            "  hint: kind='…'",
        ),
        (
            lambda: context().sweep(context().on.start(), any_(None)),
            'cannot start from None: it is no State\n  hint: ctx.run(event, State(…))',
        ),
        (
            lambda: context().advance(STATE, 1, limit=any_(None)),
            'cannot use None for limit: its type is NoneType, not int\n  hint: limit=1000',
        ),
        (
            lambda: context().probe_liveness(STATE, 'web', any_(3)),
            'cannot use 3 for probe of probe_liveness(): '
            'its type is int, not LivenessProbe or None\n  hint: probe=LivenessProbe(…)',
        ),
        (
            lambda: context().on.custom(any_('ready')),
            "cannot run 'ready' as a custom event: it is no event of a class\n"
            '  hint: ctx.on.custom(DatabaseRequirer.on.ready)',
        ),
        (
            lambda: context().on.pebble_ready(any_(None)),
            "cannot make 'pebble_ready' about None: it is no Container\n"
            '  hint: pass the component that the State has',
        ),
        (
            lambda: context().on.relation_changed(
                scenario.Relation('db', id=1), remote_unit=any_('0')
            ),
            "cannot make 'relation_changed' with remote_unit='0': "
            'it is no whole number that is 0 or more\n  hint: remote_unit=1',
        ),
    ],
)
def test_an_argument_of_another_type_is_refused(call: Callable[[], Any], message: str):
    with pytest.raises(TypeError) as caught:
        call()

    assert str(caught.value) == message


@checked
def joined(*words: str, sep: str = ' ', **more: int) -> str:
    """Join words."""
    return sep.join(words) * more.get('times', 1)


def test_a_checked_function_is_what_it_was():
    assert joined('a', 'b', sep='-', times=2) == 'a-ba-b'
    assert joined.__doc__ == 'Join words.'
    with pytest.raises(TypeError, match=r"^cannot use 'x' for times of joined\(\): "):
        joined(times=any_('x'))
