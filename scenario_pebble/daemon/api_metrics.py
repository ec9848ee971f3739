"""The endpoint of metrics: services and checks as OpenMetrics text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .gotext import quote
from .message import Request, Text

if TYPE_CHECKING:
    from .daemon import Daemon


def get_metrics(daemon: Daemon, request: Request) -> Text:
    """``GET /v1/metrics``."""
    services = sorted(daemon.services.all(), key=lambda service: service.name)
    checks = sorted(daemon.checks.all(), key=lambda check: check.name)
    text = ''
    for service in services:
        label = f'service={quote(service.name)}'
        active = int(service.status == 'active')
        text += _metric('pebble_service_active', 'gauge', label, active)
        text += _metric('pebble_service_start_count', 'counter', label, service.start_count)
    for check in checks:
        label = f'check={quote(check.name)}'
        if check.status != 'inactive':
            text += _metric('pebble_check_up', 'gauge', label, int(check.status == 'up'))
        text += _metric('pebble_check_success_count', 'counter', label, check.success_count)
        text += _metric('pebble_check_failure_count', 'counter', label, check.failure_count)
    return Text(text, 'text/plain; charset=utf-8')


_HELP = {
    'pebble_service_active': 'Whether the service is currently active (1) or not (0)',
    'pebble_service_start_count': 'Number of times the service has started',
    'pebble_check_up': 'Whether the health check is up (1) or not (0)',
    'pebble_check_success_count': 'Number of times the check has succeeded',
    'pebble_check_failure_count': 'Number of times the check has failed',
}


def _metric(name: str, kind: str, label: str, value: int) -> str:
    # Pebble: metrics/metrics.go OpenTelemetryWriter
    return f'# HELP {name} {_HELP[name]}\n# TYPE {name} {kind}\n{name}{{{label}}} {value}\n\n'
