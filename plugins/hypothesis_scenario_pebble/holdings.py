"""Which secrets and storages can a unit have?"""

from __future__ import annotations

import dataclasses
import datetime
import itertools
from typing import Any

import ops
from hypothesis import strategies as st

import scenario_pebble as scenario

from .texts import MAX_FEW, Strategy, some, texts, words

_EXPIRY = datetime.datetime(2030, 1, 1, tzinfo=datetime.timezone.utc)


def secrets(**fields: Strategy[Any]) -> Strategy[scenario.Secret]:
    """Secrets that this unit or its application owns, or that it was granted.

    Args:
        fields: What fields of the Secret are drawn from instead.
    """
    # Juju: a key is three or more lower-case letters, digits and hyphens.
    keys = words().map(lambda word: f'key-{word}')
    contents = st.dictionaries(keys, texts(), min_size=1, max_size=MAX_FEW)
    tracked = fields.pop('tracked_content', contents)
    theirs = {'label': words(), 'latest_content': contents, **fields}
    ours = {
        **theirs,
        'owner': st.sampled_from(['unit', 'app']),
        'rotate': st.sampled_from(list(ops.SecretRotate)),
        'expire': st.just(_EXPIRY),
        **fields,
    }
    return some(scenario.Secret, tracked, **theirs) | some(scenario.Secret, tracked, **ours)


def secret_lists() -> Strategy[list[scenario.Secret]]:
    """Secrets with ids and labels of their own."""
    return st.lists(secrets(), max_size=MAX_FEW, unique_by=lambda s: s.label or id(s)).map(
        lambda secrets: [
            dataclasses.replace(secret, id=f'secret:{number:0>20}')
            for number, secret in enumerate(secrets, 1)
        ]
    )


def storage_lists(ctx: scenario.Context[Any]) -> Strategy[list[scenario.Storage]]:
    """Instances of the storages that the charm declares, numbered from 0.

    Shrinks to none.
    """
    names = sorted(ctx.prepared.spec.storages)
    each = [st.lists(st.just(name), max_size=_most(ctx, name)) for name in names]
    return st.tuples(*each).map(
        lambda drawn: [
            scenario.Storage(name, index=index)
            for index, name in enumerate(itertools.chain.from_iterable(drawn))
        ]
    )


def _most(ctx: scenario.Context[Any], name: str) -> int:
    """One instance, unless the charm declares ``multiple``."""
    return MAX_FEW if 'multiple' in ctx.prepared.spec.meta['storage'][name] else 1
