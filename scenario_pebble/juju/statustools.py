"""The hook tools about the statuses and the workload's version."""

from __future__ import annotations

from typing import Any

from ..daemon.gotext import quote
from ..state.status import EntityStatus
from .ledger import Ledger
from .tool import Call, ToolError, UsageError

SETTABLE = ('maintenance', 'blocked', 'waiting', 'active')
NOT_LEADER = 'this unit is not the leader'


def status_get(call: Call) -> Any:
    """Read the status of the unit or, as the leader, of the application."""
    call.at_most(0)
    ledger = call.ledger
    if not call.options.get('application'):
        return _shown(ledger.get('unit_status'), call)
    if not ledger.leader:
        raise ToolError(f'finding application status: {NOT_LEADER}')
    details = _shown(ledger.get('app_status'), call)
    if isinstance(details, str):
        return details
    details['units'] = {ledger.unit_name: _shown(ledger.get('unit_status'), call)}
    return {'application-status': details}


def _shown(status: EntityStatus, call: Call) -> str | dict[str, Any]:
    if call.options.get('include_data'):
        return {'message': status.message, 'status': status.name, 'status-data': {}}
    if call.options.get('format', 'smart') == 'smart':
        return status.name
    return {'status': status.name}


def status_set(call: Call) -> None:
    """Set the status of the unit or, as the leader, of the application."""
    name = call.arg(0)
    if name is None:
        raise UsageError('invalid args, require <status> [message]')
    if name not in SETTABLE:
        raise UsageError(f'invalid status {quote(name)}, expected one of [{" ".join(SETTABLE)}]')
    call.at_most(2)
    put_status(call.ledger, name, call.arg(1) or '', is_app=bool(call.options.get('application')))


def put_status(ledger: Ledger, name: str, message: str, *, is_app: bool) -> None:
    """Set the status of the unit or, as the leader, of the application.

    Raises:
        ToolError: If it is that of the application, and this isn't the leader.
    """
    status = EntityStatus.from_status_name(name, message)
    if not is_app:
        ledger.records.unit_status_history.append(ledger.get('unit_status'))
        ledger.put('unit_status', status)
        ledger.note('status', 'unit', _text(status))
    elif ledger.leader:
        ledger.records.app_status_history.append(ledger.get('app_status'))
        ledger.put('app_status', status)
        ledger.note('status', 'app', _text(status))
    else:
        raise ToolError(NOT_LEADER)


def _text(status: EntityStatus) -> str:
    return f'{status.name}: {status.message}' if status.message else status.name


def application_version_set(call: Call) -> None:
    """Set the version of the workload."""
    version = call.arg(0)
    if version is None:
        raise UsageError('no version specified')
    call.at_most(1)
    previous: str = call.ledger.get('workload_version')
    if previous:
        call.ledger.records.workload_version_history.append(previous)
    call.ledger.put('workload_version', version)
