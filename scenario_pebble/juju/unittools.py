"""The hook tools about the unit itself: configuration, leadership, log, goal state, reboot."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from ..frozen import FrozenDict
from ..state.event import remote_app_name
from ..state.model import CloudSpec
from .relationtools import key_values, settings_file
from .tool import Call, Ordered, ToolError, UsageError


class Rebooting(SystemExit):
    """Juju kills the charm's process, because it asked for a reboot at once."""


def config_get(call: Call) -> Any:
    """Read the configuration."""
    call.at_most(1)
    given, defaults = call.ledger.before.config, call.ledger.spec.config_defaults
    # Tests compare messages that charms build as they go through the options in this order.
    config = Ordered(given)
    config.update((name, value) for name, value in defaults.items() if name not in given)
    key = call.arg(0)
    return config if key is None else config.get(key)


def is_leader(call: Call) -> bool:
    """Tell whether this unit leads its application."""
    call.at_most(0)
    return call.ledger.leader


def juju_log(call: Call) -> None:
    """Write to the log."""
    if not call.args:
        raise UsageError('no message specified')
    level = 'DEBUG' if call.options.get('debug') else call.options.get('level', 'INFO')
    call.ledger.write_log(level, ' '.join(call.args))


def goal_state(call: Call) -> dict[str, Any]:
    """Tell which units and relations there are to be."""
    call.at_most(0)
    ledger = call.ledger
    now = datetime.datetime.fromtimestamp(ledger.clock.now_ns // 10**9, datetime.timezone.utc)
    goal = {'status': 'active', 'since': now.strftime('%Y-%m-%dT%H:%M:%SZ')}
    own = int(ledger.unit_number or 0)
    others = (number for number in range(ledger.before.planned_units) if number != own)
    numbers = [own, *others][: ledger.before.planned_units]
    relations: dict[str, dict[str, Any]] = {}
    for relation in ledger.relations.values():
        app = remote_app_name(relation, ledger.app_name)
        members = relations.setdefault(relation.endpoint, {})
        members[app] = goal
        members.update({f'{app}/{number}': goal for number in relation.remote_units})
    return {'units': {f'{ledger.app_name}/{n}': goal for n in numbers}, 'relations': relations}


def credential_get(call: Call) -> dict[str, Any]:
    """Tell the cloud and how to log in to it, if the application is trusted."""
    call.at_most(0)
    if not call.ledger.app_trusted:
        raise ToolError('permission denied')
    spec = call.ledger.before.model.cloud_spec
    if spec is None:
        raise ToolError('cloud spec not found')
    return _cloud(spec)


def _cloud(spec: CloudSpec) -> dict[str, Any]:
    # Juju: rpc/params.CloudSpec
    cloud: dict[str, Any] = {
        'type': spec.type,
        'name': spec.name,
        'region': spec.region,
        'endpoint': spec.endpoint,
        'identity-endpoint': spec.identity_endpoint,
        'storage-endpoint': spec.storage_endpoint,
        'cacertificates': list(spec.ca_certificates),
        'skip-tls-verify': spec.skip_tls_verify,
        'is-controller-cloud': spec.is_controller_cloud,
    }
    if spec.credential is not None:
        cloud['credential'] = {
            'auth-type': spec.credential.auth_type,
            'attrs': dict(spec.credential.attributes),
            'redacted': list(spec.credential.redacted),
        }
    return {key: value for key, value in cloud.items() if value not in (None, '', [], False)}


def juju_reboot(call: Call) -> None:
    """Ask for a reboot when the hook is over, or at once: that ends the charm's process."""
    call.at_most(0)
    if call.ledger.event.action is not None:
        raise ToolError('juju-reboot is not supported when running an action.')
    now = bool(call.options.get('now'))
    call.ledger.records.reboots.append('now' if now else 'later')
    if now:
        raise Rebooting(0)


def state_get(call: Call) -> Any:
    """Read what the charm keeps on the controller."""
    call.at_most(1)
    values: Mapping[str, str] = call.ledger.get('server_state')
    key = call.arg(0)
    if not key:
        return dict(values)
    if key not in values and call.options.get('strict'):
        raise ToolError(f'"{key}" not found')
    return values.get(key)


def state_set(call: Call) -> None:
    """Keep values on the controller."""
    path: str | None = call.options.get('file')
    pairs = {**(settings_file(call, path) if path else {}), **key_values(call.args)}
    _put_server_state(call, {**call.ledger.get('server_state'), **pairs})


def state_delete(call: Call) -> None:
    """Drop a value from the controller."""
    key = call.arg(0)
    if not key:
        raise UsageError('missing key')
    call.at_most(1)
    values: Mapping[str, str] = call.ledger.get('server_state')
    _put_server_state(call, {k: v for k, v in values.items() if k != key})


def _put_server_state(call: Call, values: Mapping[str, str]) -> None:
    call.ledger.put('server_state', FrozenDict(values))
