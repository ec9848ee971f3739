"""Which keys a layer may have, and what each of them holds."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from . import plandecode
from .plan import Check, ExecCheck, HTTPCheck, LogTarget, Service, TCPCheck, Workload
from .plandecode import Decoder, Schema
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


def _service(decoder: Decoder, node: Node) -> Service | None:
    make = functools.partial(Service, name=decoder.name, is_fact=decoder.is_fact)
    return plandecode.record(make, SERVICE, 'plan.Service')(decoder, node)


def _check(decoder: Decoder, node: Node) -> Check | None:
    make = functools.partial(Check, name=decoder.name, is_fact=decoder.is_fact)
    return plandecode.record(make, CHECK, 'plan.Check')(decoder, node)


def _log_target(decoder: Decoder, node: Node) -> LogTarget | None:
    make = functools.partial(LogTarget, name=decoder.name, is_fact=decoder.is_fact)
    return plandecode.record(make, LOG_TARGET, 'plan.LogTarget')(decoder, node)


def _workload(decoder: Decoder, node: Node) -> Workload | None:
    make = functools.partial(Workload, name=decoder.name)
    return plandecode.record(make, WORKLOAD, 'workloads.Workload')(decoder, node)


def _mode(mode: str = '') -> str:
    return mode


SECTIONS: Mapping[str, tuple[str, plandecode.Field]] = {
    'summary': ('summary', _STRING),
    'description': ('description', _STRING),
    'services': (
        'services',
        lambda decoder, node: plandecode.record_map(
            decoder, node, _service, 'map[string]*plan.Service'
        ),
    ),
    'checks': (
        'checks',
        lambda decoder, node: plandecode.record_map(
            decoder, node, _check, 'map[string]*plan.Check'
        ),
    ),
    'log-targets': (
        'log_targets',
        lambda decoder, node: plandecode.record_map(
            decoder, node, _log_target, 'map[string]*plan.LogTarget'
        ),
    ),
    'workloads': (
        'workloads',
        lambda decoder, node: plandecode.record_map(
            decoder, node, _workload, 'workloads.WorkloadsSection'
        ),
    ),
    'pairing': (
        'pairing',
        plandecode.record(_mode, PAIRING, 'pairingstate.pairingConfig'),
    ),
}
