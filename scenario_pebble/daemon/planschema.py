"""Which keys a layer may have, and what each of them holds."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from . import plandecode
from .plan import Check, ExecCheck, HTTPCheck, LogTarget, Service, TCPCheck, Workload
from .plandecode import Decoder, Field, Schema
from .plannodes import Node

_STRING = plandecode.text('string')
_STRING_MAP = plandecode.text_map('string')
_OVERRIDE = plandecode.text('plan.Override')
_ACTION = plandecode.text('plan.ServiceAction')

_USER: Schema = {
    'environment': ('environment', _STRING_MAP),
    'user-id': ('user_id', plandecode.integer),
    'user': ('user', _STRING),
    'group-id': ('group_id', plandecode.integer),
    'group': ('group', _STRING),
}
SERVICE: Schema = {
    'summary': ('summary', _STRING),
    'description': ('description', _STRING),
    'startup': ('startup', plandecode.text('plan.ServiceStartup')),
    'override': ('override', _OVERRIDE),
    'command': ('command', _STRING),
    'after': ('after', plandecode.texts),
    'before': ('before', plandecode.texts),
    'requires': ('requires', plandecode.texts),
    'workload': ('workload', _STRING),
    **_USER,
    'working-dir': ('working_dir', _STRING),
    'on-success': ('on_success', _ACTION),
    'on-failure': ('on_failure', _ACTION),
    'on-check-failure': ('on_check_failure', plandecode.text_map('plan.ServiceAction')),
    'backoff-delay': ('explicit_backoff_delay_ns', plandecode.duration),
    'backoff-factor': ('explicit_backoff_factor', plandecode.number),
    'backoff-limit': ('explicit_backoff_limit_ns', plandecode.duration),
    'kill-delay': ('explicit_kill_delay_ns', plandecode.duration),
}
HTTP: Schema = {'url': ('url', _STRING), 'headers': ('headers', _STRING_MAP)}
TCP: Schema = {'port': ('port', plandecode.integer), 'host': ('host', _STRING)}
EXEC: Schema = {
    'command': ('command', _STRING),
    'service-context': ('service_context', _STRING),
    **_USER,
    'working-dir': ('working_dir', _STRING),
}
CHECK: Schema = {
    'override': ('override', _OVERRIDE),
    'level': ('level', plandecode.text('plan.CheckLevel')),
    'startup': ('startup', plandecode.text('plan.CheckStartup')),
    'period': ('explicit_period_ns', plandecode.duration),
    'timeout': ('explicit_timeout_ns', plandecode.duration),
    'threshold': ('threshold', plandecode.integer),
    'http': ('http', plandecode.record(HTTPCheck, HTTP, 'plan.HTTPCheck')),
    'tcp': ('tcp', plandecode.record(TCPCheck, TCP, 'plan.TCPCheck')),
    'exec': ('exec', plandecode.record(ExecCheck, EXEC, 'plan.ExecCheck')),
}
LOG_TARGET: Schema = {
    'type': ('type', plandecode.text('plan.LogTargetType')),
    'location': ('location', _STRING),
    'services': ('services', plandecode.texts),
    'override': ('override', _OVERRIDE),
    'labels': ('labels', _STRING_MAP),
}
WORKLOAD: Schema = {'override': ('override', _OVERRIDE), **_USER}
PAIRING: Schema = {'mode': ('mode', plandecode.text('pairingstate.Mode'))}


def _records(make: Callable[..., Any], schema: Schema, go_type: str, whole: str = '') -> Field:
    """A mapping from names to records of one kind."""

    def item(decoder: Decoder, node: Node) -> Any:
        named = functools.partial(make, name=decoder.name, is_fact=decoder.is_fact)
        return plandecode.record(named, schema, go_type)(decoder, node)

    whole = whole or f'map[string]*{go_type}'
    return lambda decoder, node: plandecode.record_map(decoder, node, item, whole)


def _mode(mode: str = '') -> str:
    return mode


SECTIONS: Schema = {
    'summary': ('summary', _STRING),
    'description': ('description', _STRING),
    'services': ('services', _records(Service, SERVICE, 'plan.Service')),
    'checks': ('checks', _records(Check, CHECK, 'plan.Check')),
    'log-targets': ('log_targets', _records(LogTarget, LOG_TARGET, 'plan.LogTarget')),
    'workloads': (
        'workloads',
        _records(Workload, WORKLOAD, 'workloads.Workload', 'workloads.WorkloadsSection'),
    ),
    'pairing': ('pairing', plandecode.record(_mode, PAIRING, 'pairingstate.pairingConfig')),
}
