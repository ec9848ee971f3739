"""What Pebble refuses in a layer on its own, and in the combined plan.

Pebble reports the first problem that it meets, and walks its maps in random order; here names are
taken in alphabetical order.  What a State describes (``is_fact``) may leave things out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from . import plancommand, planorder
from .gotext import format_float, quote
from .plan import Check, FormatError, Layer, LogTarget, Plan, Service, Workload

_ACTIONS = ('', 'restart', 'shutdown', 'ignore')
_LOG_TARGET_TYPES = ('loki', 'opentelemetry', 'syslog')


def layer_problems(layer: Layer) -> Iterator[str]:
    """What is wrong with a layer, whatever lies below it."""
    # Pebble: plan/plan.go Layer.Validate
    if layer.label.startswith('pebble-'):
        yield 'cannot use reserved label prefix "pebble-"'
    for name, service in sorted(layer.services.items()):
        yield from _service_problems(name, service)
    for name, check in sorted(layer.checks.items()):
        yield from _check_problems(name, check)
    for name, target in sorted(layer.log_targets.items()):
        yield from _log_target_problems(name, target)
    workloads = cast('Mapping[str, Workload | None]', layer.workloads)
    for name, workload in sorted(workloads.items()):
        # Pebble: workloads/workloads.go
        if workload is None:
            yield f'workload {quote(name)}: cannot have a null value'
        elif not name:
            yield f'workload {quote(name)}: cannot have an empty name'
    if layer.pairing not in ('', 'disabled', 'single', 'multiple'):
        yield (
            f'invalid pairing mode {quote(layer.pairing)}: '
            'should be "disabled", "single" or "multiple"'
        )


def _service_problems(name: str, service: Service | None) -> Iterator[str]:
    if not name:
        yield 'cannot use empty string as service name'
    if name == 'pebble':
        yield 'cannot use reserved service name "pebble"'
    if name.startswith('-'):
        yield f'cannot use service name {quote(name)}: starting with "-" not allowed'
    if service is None:
        yield f'service object cannot be null for service {quote(name)}'
        return
    plan_service = f'plan service {quote(name)}'
    try:
        plancommand.parse(service.command)
    except ValueError as e:
        yield f'{plan_service} command invalid: cannot parse service {quote(name)} command: {e}'
    if service.on_success not in (*_ACTIONS, 'failure-shutdown'):
        yield f'{plan_service} on-success action {quote(service.on_success)} invalid'
    if service.on_failure not in (*_ACTIONS, 'success-shutdown'):
        yield f'{plan_service} on-failure action {quote(service.on_failure)} invalid'
    for action in (service.on_check_failure or {}).values():
        if action not in (*_ACTIONS, 'success-shutdown'):
            yield f'{plan_service} on-check-failure action {quote(action)} invalid'
    if service.backoff_factor < 1:
        factor = format_float(service.backoff_factor)
        yield f'{plan_service} backoff-factor must be 1.0 or greater, not {factor}'


def _check_problems(name: str, check: Check | None) -> Iterator[str]:
    if not name:
        yield 'cannot use empty string as check name'
    if check is None:
        yield f'check object cannot be null for check {quote(name)}'
        return
    plan_check = f'plan check {quote(name)}'
    if check.level not in ('', 'alive', 'ready'):
        yield f'{plan_check} level must be "alive" or "ready"'
    if check.startup not in ('', 'enabled', 'disabled'):
        yield f'{plan_check} startup must be "enabled" or "disabled"'
    if check.explicit_period_ns == 0:
        yield f'{plan_check} period must not be zero'
    if check.explicit_timeout_ns == 0:
        yield f'{plan_check} timeout must not be zero'
    if check.exec is not None:
        try:
            plancommand.split(check.exec.command)
        except ValueError as e:
            yield f'{plan_check} command invalid: {e}'


def _log_target_problems(name: str, target: LogTarget | None) -> Iterator[str]:
    if target is None:
        yield f'log target object cannot be null for log target {quote(name)}'
        return
    for label in target.labels or ():
        if label.startswith('pebble_'):
            yield f'log target {quote(name)}: label {quote(label)} uses reserved prefix "pebble_"'
    if target.type not in ('', *_LOG_TARGET_TYPES):
        yield (
            f'log target {quote(name)} has unsupported type {quote(target.type)}, '
            'must be "loki", "opentelemetry" or "syslog"'
        )


def plan_problems(plan: Plan) -> Iterator[str]:
    """What is wrong with all layers combined."""
    # Pebble: plan/plan.go Plan.Validate
    for name, service in sorted(plan.services.items()):
        if not service.command and not service.is_fact:
            yield f'plan must define "command" for service {quote(name)}'
    for check in plan.checks.values():
        if not check.is_fact:
            yield from _combined_check_problems(plan, check)
    for target in plan.log_targets.values():
        if not target.is_fact:
            yield from _combined_log_target_problems(plan, target)
    try:
        planorder.start_order(plan.services, plan.services)
    except FormatError as e:
        yield str(e)
    yield from _workload_problems(plan)


def _combined_check_problems(plan: Plan, check: Check) -> Iterator[str]:
    name = quote(check.name)
    if check.http is not None and not check.http.url:
        yield f'plan must set "url" for http check {name}'
    if check.tcp is not None and not check.tcp.port:
        yield f'plan must set "port" for tcp check {name}'
    if check.exec is not None:
        if not check.exec.command:
            yield f'plan must set "command" for exec check {name}'
        context = check.exec.service_context
        if context and context not in plan.services:
            yield (
                f'plan check {name} service context specifies non-existent service '
                f'{quote(context)}'
            )
    if sum(kind is not None for kind in (check.http, check.tcp, check.exec)) != 1:
        yield f'plan must specify one of "http", "tcp", or "exec" for check {name}'


def _combined_log_target_problems(plan: Plan, target: LogTarget) -> Iterator[str]:
    name = quote(target.name)
    if not target.type:
        types = '"loki", "opentelemetry" or "syslog"'
        yield f'plan must define "type" ({types}) for log target {name}'
    for entry in target.services:
        service = entry.removeprefix('-')
        if service != 'all' and service not in plan.services:
            yield f'log target {name} specifies unknown service {quote(service)}'
    if not target.location:
        yield f'plan must define "location" for log target {name}'


def _workload_problems(plan: Plan) -> Iterator[str]:
    # Pebble: workloads/workloads.go ValidatePlan
    for name, service in sorted(plan.services.items()):
        if not service.workload:
            continue
        if service.workload not in plan.workloads:
            yield f'workload {quote(service.workload)}: not defined for service {quote(name)}'
        for kind, given in (
            ('user', service.user_id is not None or service.user),
            ('group', service.group_id is not None or service.group),
        ):
            if given:
                yield (
                    f'plan service {quote(name)} cannot have {kind} information and a workload '
                    'at the same time'
                )
