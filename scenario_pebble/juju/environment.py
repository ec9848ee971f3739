"""The JUJU_* environment variables that a charm's process gets."""

from __future__ import annotations

import pathlib

from ..state.event import Event, EventKind, remote_app_name
from ..state.model import Model
from ..state.notice import Notice


def variables(
    event: Event,
    model: Model,
    *,
    unit_name: str,
    juju_version: str,
    charm_dir: str | pathlib.Path,
    machine_id: str | None = None,
    availability_zone: str | None = None,
    principal_unit: str | None = None,
) -> dict[str, str]:
    """The variables for one event.

    Args:
        event: What Juju sends.
        model: Where the unit lives.
        unit_name: The unit's name, for example ``db/0``.
        juju_version: The version that Juju pretends to be.
        charm_dir: Where the charm's files are.
        machine_id: The number of the unit's machine.
        availability_zone: Where the machine is.
        principal_unit: The unit to which this one is subordinate.
    """
    found = {
        '_': './dispatch',
        'JUJU_VERSION': juju_version,
        'JUJU_UNIT_NAME': unit_name,
        'JUJU_MODEL_NAME': model.name,
        'JUJU_MODEL_UUID': model.uuid,
        'JUJU_CHARM_DIR': str(charm_dir),
        'JUJU_DISPATCH_PATH': _dispatch_path(event),
        'JUJU_HOOK_NAME': event.hook_name,
        'JUJU_MACHINE_ID': machine_id,
        'JUJU_AVAILABILITY_ZONE': availability_zone,
        'JUJU_PRINCIPAL_UNIT': principal_unit,
        **_of_event(event, unit_name.rpartition('/')[0]),
    }
    return {name: value for name, value in found.items() if value is not None}


def _dispatch_path(event: Event) -> str:
    if event.action is not None:
        return f'actions/{event.action.name}'
    return f'hooks/{event.hook_name}'


def _of_event(event: Event, app_name: str) -> dict[str, str | None]:
    kind = event.kind
    if kind is EventKind.RELATION:
        return _of_relation(event, app_name)
    if kind is EventKind.WORKLOAD:
        return _of_workload(event)
    if event.storage is not None:
        return {'JUJU_STORAGE_ID': f'{event.storage.name}/{event.storage.index}'}
    if event.secret is not None:
        revision = event.secret_revision
        return {
            'JUJU_SECRET_ID': event.secret.id,
            'JUJU_SECRET_LABEL': event.secret.label or '',
            'JUJU_SECRET_REVISION': None if revision is None else str(revision),
        }
    if event.action is not None:
        return {
            'JUJU_ACTION_NAME': event.action.name,
            'JUJU_ACTION_UUID': event.action.id,
            'JUJU_ACTION_TAG': f'action-{event.action.id}',
        }
    return {}


def _of_relation(event: Event, app_name: str) -> dict[str, str | None]:
    relation = event.relation
    if relation is None:
        return {}
    app, unit = remote_app_name(relation, app_name), event.unit_number
    leaving = unit if event.departing_unit is None else event.departing_unit
    departs = event.suffix == 'relation_departed' and leaving is not None
    return {
        'JUJU_RELATION': relation.endpoint,
        'JUJU_RELATION_ID': f'{relation.endpoint}:{relation.id}',
        'JUJU_REMOTE_APP': app,
        'JUJU_REMOTE_UNIT': None if unit is None else f'{app}/{unit}',
        'JUJU_DEPARTING_UNIT': f'{app}/{leaving}' if departs else None,
    }


def _type_name(notice: Notice) -> str:
    return notice.type if isinstance(notice.type, str) else notice.type.value


def _of_workload(event: Event) -> dict[str, str | None]:
    found: dict[str, str | None] = {
        'JUJU_WORKLOAD_NAME': event.container.name if event.container else None
    }
    if event.notice is not None:
        found['JUJU_NOTICE_ID'] = event.notice.id
        found['JUJU_NOTICE_TYPE'] = _type_name(event.notice)
        found['JUJU_NOTICE_KEY'] = event.notice.key
    if event.check_info is not None:
        found['JUJU_PEBBLE_CHECK_NAME'] = event.check_info.name
    return found
