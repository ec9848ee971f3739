"""The hook tools: their names and options, and how one is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..errors import NotSimulatedError
from . import (
    actiontools,
    networktools,
    relationtools,
    secrettools,
    statustools,
    storagetools,
    unittools,
)
from .ledger import Ledger
from .tool import FORMAT, RELATION, Call, Options, Tool, ToolError, parse, written

_APPLICATION: Options = {'--application': 'application'}
_STORAGE: Options = {**FORMAT, '-s': 'storage='}
_PORT: Options = {'--format': 'format=', '--endpoints': 'endpoints='}
_LABEL: Options = {'--label': 'label='}
_UPSERT: Options = {
    **_LABEL,
    '--expire': 'expire=',
    '--rotate': 'rotate=',
    '--description': 'description=',
    '--file': 'file=',
    '--owner': 'owner=',
}
_NETWORK: Options = {
    **FORMAT,
    **RELATION,
    '--bind-address': 'bind-address',
    '--ingress-address': 'ingress-address',
    '--egress-subnets': 'egress-subnets',
    '--primary-address': 'primary-address',
}
_LOG: Options = {
    '--debug': 'debug',
    '-l': 'level=',
    '--log-level': 'level=',
    '--format': 'format=',
}

TOOLS: Mapping[str, Tool] = {
    'action-fail': Tool(actiontools.action_fail),
    'action-get': Tool(actiontools.action_get, FORMAT, 'smart'),
    'action-log': Tool(actiontools.action_log),
    'action-set': Tool(actiontools.action_set),
    'application-version-set': Tool(statustools.application_version_set),
    'close-port': Tool(networktools.close_port, _PORT),
    'config-get': Tool(unittools.config_get, {**FORMAT, '-a': 'all', '--all': 'all'}, 'smart'),
    'credential-get': Tool(unittools.credential_get, FORMAT, 'smart'),
    'goal-state': Tool(unittools.goal_state, FORMAT, 'yaml'),
    'is-leader': Tool(unittools.is_leader, FORMAT, 'smart'),
    'juju-log': Tool(unittools.juju_log, _LOG),
    'juju-reboot': Tool(unittools.juju_reboot, {'--now': 'now'}),
    'network-get': Tool(networktools.network_get, _NETWORK, 'smart'),
    'open-port': Tool(networktools.open_port, _PORT),
    'opened-ports': Tool(
        networktools.opened_ports, {**FORMAT, '--endpoints': 'endpoints'}, 'smart'
    ),
    'relation-get': Tool(
        relationtools.relation_get, {**FORMAT, **RELATION, '--app': 'app'}, 'smart'
    ),
    'relation-ids': Tool(relationtools.relation_ids, FORMAT, 'smart'),
    'relation-list': Tool(
        relationtools.relation_list, {**FORMAT, **RELATION, '--app': 'app'}, 'smart'
    ),
    'relation-model-get': Tool(relationtools.relation_model_get, {**FORMAT, **RELATION}, 'smart'),
    'relation-set': Tool(
        relationtools.relation_set,
        {**RELATION, '--file': 'file=', '--app': 'app', '--format': 'format='},
    ),
    'resource-get': Tool(storagetools.resource_get, {}, 'smart'),
    'secret-add': Tool(secrettools.secret_add, _UPSERT, 'smart'),
    'secret-get': Tool(
        secrettools.secret_get,
        {**FORMAT, **_LABEL, '--peek': 'peek', '--refresh': 'refresh'},
        'yaml',
    ),
    'secret-grant': Tool(secrettools.secret_grant, {**RELATION, '--unit': 'unit='}),
    'secret-ids': Tool(secrettools.secret_ids, FORMAT, 'yaml'),
    'secret-info-get': Tool(secrettools.secret_info_get, {**FORMAT, **_LABEL}, 'yaml'),
    'secret-remove': Tool(secrettools.secret_remove, {'--revision': 'revision='}),
    'secret-revoke': Tool(
        secrettools.secret_revoke,
        {**RELATION, '--unit': 'unit=', '--app': 'app=', '--application': 'app='},
    ),
    'secret-set': Tool(secrettools.secret_set, _UPSERT),
    'state-delete': Tool(unittools.state_delete),
    'state-get': Tool(unittools.state_get, {**FORMAT, '--strict': 'strict'}, 'smart'),
    'state-set': Tool(unittools.state_set, {'--file': 'file='}),
    'status-get': Tool(
        statustools.status_get,
        {**FORMAT, **_APPLICATION, '--include-data': 'include_data'},
        'smart',
    ),
    'status-set': Tool(statustools.status_set, _APPLICATION),
    'storage-add': Tool(storagetools.storage_add),
    'storage-get': Tool(storagetools.storage_get, _STORAGE, 'smart'),
    'storage-list': Tool(storagetools.storage_list, FORMAT, 'smart'),
    'unit-get': Tool(networktools.unit_get, FORMAT, 'smart'),
}

NOT_SIMULATED = frozenset(
    (
        *('add-metric', 'k8s-raw-get', 'k8s-raw-set', 'k8s-spec-get', 'k8s-spec-set'),
        *('leader-get', 'leader-set', 'payload-register', 'payload-status-set'),
        *('payload-unregister', 'pod-spec-get', 'pod-spec-set'),
    )
)
"""Hook tools of older versions of Juju."""


class Answer(NamedTuple):
    """What a hook tool leaves behind."""

    code: int
    """Exit code: 0, 1 if it failed, 2 if its command line made no sense."""
    stdout: str
    stderr: str


def is_tool(name: str) -> bool:
    """Whether a program of that name is a hook tool."""
    return name in TOOLS or name in NOT_SIMULATED


def call(ledger: Ledger, argv: Sequence[str], stdin: str | None = None) -> Answer:
    """Run a hook tool.

    Args:
        ledger: What it reads and writes.
        argv: Its name and arguments.
        stdin: What it reads from standard input.

    Raises:
        NotSimulatedError: If it belongs to an older version of Juju.
    """
    name = argv[0]
    tool = TOOLS.get(name)
    if tool is None:
        raise NotSimulatedError(f'cannot run hook tool {name!r}: not simulated')
    try:
        if list(argv[1:2]) == ['--help']:
            return Answer(0, _help(ledger, name), '')
        args, options = parse(argv[1:], tool.options)
        value = tool.run(Call(ledger, args, options, stdin))
        if tool.format is None:
            return _DONE
        return Answer(0, written(value, options.get('format', tool.format)), '')
    except ToolError as error:
        return Answer(error.code, '', f'ERROR {error}\n')


_DONE = Answer(0, '', '')


def _help(ledger: Ledger, name: str) -> str:
    if name == 'storage-get':
        return storagetools.storage_help(Call(ledger, [], {}, None))
    return f'Usage: {name}\n'
