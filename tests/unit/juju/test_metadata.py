from __future__ import annotations

from typing import Any

import ops
import pytest

from scenario_pebble import Context, State
from scenario_pebble.errors import ContextSetupError

REQUIRES = "meta={'requires': {'db': {'interface': 'mysql_client'}}}"
CONTAINERS = "meta={'containers': {'web': {'resource': 'image', 'mounts': [{'storage': 'data'}]}}}"
ACTIONS = "actions={'backup': {'params': {'target': {'type': 'string'}}}}"
OPTIONS = "config={'options': {'port': {'type': 'int', 'default': 80}}}"
OTHER = 'ops refuses it too; see the specification of charmcraft.yaml'
NO_MAPPING = 'its type is NoneType, not mapping'


@pytest.mark.parametrize(
    ('meta', 'problem', 'hint'),
    [
        (
            {'requires': ['db']},
            "['db'] for meta['requires']: its type is list, not mapping",
            REQUIRES,
        ),
        (
            {'requires': {'db': 'sql'}},
            "'sql' for meta['requires']['db']: its type is str, not mapping",
            REQUIRES,
        ),
        (
            {'requires': {3: {'interface': 'sql'}}},
            "3 for meta['requires'] (its keys): its type is int, not str",
            REQUIRES,
        ),
        (
            {'containers': {'web': {'mounts': 'data'}}},
            "'data' for meta['containers']['web']['mounts']: its type is str, not list",
            CONTAINERS,
        ),
        (
            {'containers': {'web': {'mounts': ['data']}}},
            "'data' for meta['containers']['web']['mounts'][0]: its type is str, not mapping",
            CONTAINERS,
        ),
        (
            {'actions': {'backup': 3}},
            "3 for actions['backup']: its type is int, not mapping",
            ACTIONS,
        ),
        (
            {'actions': {'backup': {'params': ['target']}}},
            "['target'] for actions['backup']['params']: its type is list, not mapping",
            ACTIONS,
        ),
        ({'config': ['port']}, "['port'] for config: its type is list, not mapping", OPTIONS),
        (
            {'config': {'options': ['port']}},
            "['port'] for config['options']: its type is list, not mapping",
            OPTIONS,
        ),
    ],
)
def test_metadata_without_a_mapping_where_one_belongs_is_refused(
    meta: dict[str, Any], problem: str, hint: str
):
    with pytest.raises(ContextSetupError) as caught:
        Context(ops.CharmBase, meta={'name': 'web', **meta})

    assert str(caught.value) == f'cannot use {problem}\n  hint: {hint}'


@pytest.mark.parametrize(
    ('meta', 'problem', 'hint'),
    [
        (
            {'requires': {'a': {'interface': 'sql'}, 'db': {}}},
            "{} for meta['requires']['db']: it has no 'interface'",
            REQUIRES,
        ),
        ({'requires': None}, f"None for meta['requires']: {NO_MAPPING}", REQUIRES),
        ({'requires': {'db': None}}, f"None for meta['requires']['db']: {NO_MAPPING}", REQUIRES),
        (
            {'requires': {'db': {'interface': 'sql', 'scope': 'unit'}}},
            "{'interface': 'sql', 'scope': 'unit'} for meta['requires']['db']: "
            "scope should be one of 'global', 'container'; not 'unit'",
            REQUIRES,
        ),
        (
            {'config': {'options': {'port': {'default': 80}}}},
            "{'default': 80} for config['options']['port']: Incorrectly formatted config in YAML, "
            'option port is expected to declare a `type`.',
            OPTIONS,
        ),
        (
            {'payloads': {'docker': {}}},
            "{} for meta['payloads']['docker']: it has no 'type'",
            "meta={'payloads': {'monitoring': {'type': 'docker'}}}",
        ),
        ({'assumes': 3}, "3 for meta['assumes']: 'int' object is not iterable", OTHER),
    ],
)
def test_metadata_that_ops_cannot_read_is_no_error_of_the_charm(
    meta: dict[str, Any], problem: str, hint: str
):
    ctx = Context(ops.CharmBase, meta={'name': 'web', **meta})

    with pytest.raises(ContextSetupError) as caught:
        ctx.run(ctx.on.start(), State())

    assert str(caught.value) == f'cannot use {problem}\n  hint: {hint}'


def test_a_mount_without_a_storage_is_read():
    containers = {'web': {'mounts': [{'location': '/srv'}]}}

    ctx = Context(ops.CharmBase, meta={'name': 'web', 'containers': containers})

    ctx.run(ctx.on.start(), State.from_context(ctx))
