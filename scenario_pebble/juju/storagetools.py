"""The hook tools about storage and resources."""

from __future__ import annotations

import pathlib

from ..daemon.gotext import quote
from ..state.storage import Storage
from .tool import Call, ToolError, UsageError


def storage_list(call: Call) -> list[str]:
    """List the storage instances, of one storage if it is named."""
    call.at_most(1)
    name = call.arg(0)
    storages: frozenset[Storage] = call.ledger.before.storages
    found = sorted((s.name, s.index) for s in storages if name in (None, s.name))
    return [f'{name}/{index}' for name, index in found]


def storage_get(call: Call) -> str | dict[str, str]:
    """Tell the kind and the location of a storage instance."""
    call.at_most(1)
    storage = _storage_of(call)
    declared = call.ledger.spec.storages.get(storage.name)
    root = call.ledger.storage_root
    location = root(storage.name, storage.index) if root else pathlib.Path('/')
    values = {'kind': declared.kind if declared else 'filesystem', 'location': str(location)}
    key = call.arg(0)
    if not key:
        return values
    if key not in values:
        raise ToolError(f'invalid storage attribute {quote(key)}')
    return values[key]


def _storage_of(call: Call) -> Storage:
    """The storage instance that ``-s`` names, or else the one of the event."""
    given: str | None = call.options.get('storage')
    if given is None:
        if call.ledger.event.storage is None:
            raise UsageError('no storage instance specified')
        return call.ledger.event.storage
    for storage in call.ledger.before.storages:
        if given == f'{storage.name}/{storage.index}':
            return storage
    raise UsageError(f'invalid value {quote(given)} for option -s: storage not found')


def storage_help(call: Call) -> str:
    """The help text of storage-get, where ops 2 looks for the storage of the event."""
    storage = call.ledger.event.storage
    default = f'{storage.name}/{storage.index}' if storage else ''
    return (
        'Usage: storage-get [options] [<key>]\n\nOptions:\n'
        f'-s  (= {default})\n    specify a storage instance by id\n'
    )


def storage_add(call: Call) -> None:
    """Ask for more instances of storages."""
    if not call.args:
        raise UsageError('storage add requires a storage directive')
    for arg in call.args:
        name, _, count = arg.partition('=')
        if '/' in name:
            raise UsageError(f'storage name {quote(name)} not valid')
        number = count.partition(',')[0] or '1'
        if not number.isdigit():
            raise UsageError(f'cannot parse storage count {quote(number)}')
        call.ledger.records.requested_storages[name] = int(number)


def resource_get(call: Call) -> str:
    """Fetch a resource and tell where its file is."""
    name = call.arg(0)
    if not name:
        raise UsageError('missing required resource name')
    call.at_most(1)
    for resource in call.ledger.before.resources:
        if resource.name == name:
            return str(resource.path)
    raise ToolError(
        f'could not download resource: resource "{call.ledger.app_name}/{name}" not found'
    )
