from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from scenario_pebble.errors import StateValidationError
from scenario_pebble.state.relation import (
    PeerRelation,
    Relation,
    RelationBase,
    SubordinateRelation,
)

ADDRESSES = {
    'egress-subnets': '192.0.2.0',
    'ingress-address': '192.0.2.0',
    'private-address': '192.0.2.0',
}


def test_two_relations_of_an_endpoint_are_two_relations():
    first, second = Relation('db'), Relation('db')

    assert second.id == first.id + 1
    assert first != second


def test_a_relation_starts_with_what_juju_puts_into_databags():
    relation = Relation('db')

    assert relation.local_unit_data == ADDRESSES
    assert relation.remote_units_data == {0: ADDRESSES}
    assert relation.local_app_data == {}
    assert relation.remote_app_data == {}
    assert SubordinateRelation('log').remote_unit_data == ADDRESSES
    assert PeerRelation('cluster').peers_data == {}


def test_a_databag_is_detached_from_the_dict_that_was_given():
    bag = {'key': 'old'}
    relation = Relation('db', remote_units_data={0: bag})

    bag['key'] = 'new'

    assert relation.remote_units_data[0] == {'key': 'old'}


@pytest.mark.parametrize('name', ['', 'DB', '9db', 'db-', 'db--a', 'db.a', 'db\n'])
def test_an_endpoint_name_that_juju_refuses_is_refused(name: str):
    message = (
        f'cannot use relation endpoint name {name!r}: Juju would refuse it\n'
        '  hint: a lower-case letter, then groups of them and digits with one "-" or "_" '
        'between them'
    )

    with pytest.raises(StateValidationError) as caught:
        Relation(name)

    assert str(caught.value) == message


@pytest.mark.parametrize(
    ('fields', 'where'),
    [
        ({'local_app_data': {'key': 1}}, 'local_app_data'),
        ({'local_unit_data': {'key': 1}}, 'local_unit_data'),
        ({'remote_app_data': {'key': 1}}, 'remote_app_data'),
        ({'remote_units_data': {5: {'key': 1}}}, 'remote_units_data[5]'),
    ],
)
def test_a_databag_holds_strings_only(fields: dict[str, Any], where: str):
    with pytest.raises(StateValidationError) as caught:
        Relation('db', **fields)

    assert str(caught.value) == (
        f"cannot use 'key': 1 in {where} of relation 'db': Juju keeps strings only\n"
        '  hint: str(…) or json.dumps(…), as the charm on that side would'
    )


def test_a_databag_is_a_dict():
    with pytest.raises(StateValidationError) as caught:
        PeerRelation('cluster', peers_data={1: None})  # type: ignore[dict-item]

    assert str(caught.value) == (
        "cannot use None for peers_data[1] of relation 'cluster': it is no dict of strings\n"
        "  hint: {'port': '80'}"
    )


def test_the_keys_of_a_databag_are_strings():
    with pytest.raises(StateValidationError) as caught:
        Relation('db', local_app_data={1: 'key'})  # type: ignore[dict-item]

    assert str(caught.value) == (
        "cannot use 1: 'key' in local_app_data of relation 'db': Juju keeps strings only\n"
        '  hint: str(…) or json.dumps(…), as the charm on that side would'
    )


def test_the_base_class_cannot_be_made():
    with pytest.raises(RuntimeError, match=r'^cannot make a RelationBase: '):
        RelationBase('db')


def test_relation_id_points_to_id():
    with pytest.raises(AttributeError, match=r"^cannot read 'relation_id': .*called 'id'$"):
        _ = Relation('db').relation_id


def test_every_kind_tells_the_units_on_the_other_side():
    assert list(Relation('db', remote_units_data={2: {}, 4: {}}).remote_units) == [2, 4]
    assert list(PeerRelation('cluster', peers_data={3: {}}).remote_units) == [3]
    assert list(SubordinateRelation('log', remote_unit_id=7).remote_units) == [7]


def test_the_remote_unit_of_a_subordinate_has_a_name():
    relation = SubordinateRelation('log', remote_app_name='web', remote_unit_id=7)

    assert relation.remote_unit_name == 'web/7'


def test_a_dataclass_of_a_user_may_derive_from_a_relation():
    @dataclasses.dataclass(frozen=True, kw_only=True)
    class Database(Relation):
        endpoint: str = 'db'
        version: str = '8'

    database = Database(remote_app_data={'version': '8'})
    other = dataclasses.replace(Database(), id=database.id, remote_app_data={'version': '8'})

    assert database == other
    assert {database: database.version} == {other: '8'}


def test_a_dataclass_that_derives_from_a_relation_is_checked():
    @dataclasses.dataclass(frozen=True)
    class Cluster(PeerRelation):
        size: int = 3

    data: Any = {1: {'up': True}}

    refusal = r"^cannot use 'up': True in peers_data\[1\] of relation 'cluster'"
    with pytest.raises(StateValidationError, match=refusal):
        Cluster('cluster', peers_data=data)
