"""The hook tools about secrets."""

from __future__ import annotations

from typing import Any

from ops.jujuversion import JujuVersion

from ..daemon.gotext import quote
from ..frozen import FrozenDict, evolve
from ..state.event import remote_app_name
from ..state.secret import Secret, bare_id, new_secret_id
from . import secretargs
from .ledger import Ledger
from .relationtools import relation_of
from .tool import Call, ToolError, UsageError

_FIRST_VERSION = JujuVersion('3.0.2')
_OLD_FIXED_VERSION, _FIXED_VERSION = JujuVersion('3.1.7'), JujuVersion('3.3.1')


def secret_ids(call: Call) -> list[str]:
    """List the secrets that this unit may manage."""
    call.at_most(0)
    secrets = call.ledger.secrets
    return sorted(id for id, secret in secrets.items() if _manages(call.ledger, secret))


def secret_add(call: Call) -> str:
    """Make a secret."""
    ledger = _with_secrets(call)
    if not call.args and not call.options.get('file'):
        raise UsageError('missing secret value or filename')
    given = secretargs.upsert(call, call.args)
    owner = 'unit' if given.owner == 'unit' else 'app'
    if owner == 'app' and not ledger.leader:
        raise ToolError('this unit is not the leader')
    if not given.content:
        raise ToolError('empty secret value not valid')
    _check_label(ledger, given.label, owner)
    secret = Secret(given.content, id=new_secret_id(), owner=owner, **given.metadata())
    ledger.put_secret(secret)
    return secret.id


def secret_set(call: Call) -> None:
    """Give a secret new content, new metadata, or both."""
    ledger = _with_secrets(call)
    secret = _managed(call)
    given = secretargs.upsert(call, call.args[1:])
    if given.label != secret.label:
        _check_label(ledger, given.label, secret.owner)
    changes = given.metadata()
    if given.content and given.content != secret.latest_content:
        changes['latest_content'] = FrozenDict(given.content)
        # However often the charm updates it, the end of the hook makes one revision of it.
        changes['latest_revision'] = _known_revision(ledger, secret) + 1
        if bare_id(secret.id) not in _ids_before(ledger):
            changes['latest_revision'] = 1
            changes['tracked_content'] = changes['latest_content']
    if any(getattr(secret, field) != value for field, value in changes.items()):
        ledger.put_secret(evolve(secret, **changes))


def secret_get(call: Call) -> Any:
    """Read a secret's content."""
    ledger = _with_secrets(call)
    call.at_most(2)
    secret = _found(call)
    peek, refresh = bool(call.options.get('peek')), bool(call.options.get('refresh'))
    if peek and refresh:
        raise UsageError('specify one of --peek or --refresh but not both')
    label: str | None = call.options.get('label')
    changes: dict[str, Any] = {}
    if call.args and label and label != secret.label:
        changes['label'] = label
    if refresh or (secret.owner is not None and _owner_reads_latest(ledger.juju_version)):
        refresh = True
        changes['tracked_content'] = secret.latest_content
        changes['tracked_revision'] = secret.latest_revision
    if any(getattr(secret, field) != value for field, value in changes.items()):
        ledger.put_secret(evolve(secret, **changes))
    content = secret.latest_content if peek or refresh else secret.tracked_content
    return content if call.arg(1) is None else secretargs.value_of(content, call.args[1])


def secret_info_get(call: Call) -> dict[str, Any]:
    """Tell a secret's metadata to who manages it."""
    ledger = _with_secrets(call)
    call.at_most(1)
    if call.args and call.options.get('label'):
        raise UsageError('specify either a secret URI or label but not both')
    secret = _managed(call)
    info: dict[str, Any] = {
        'revision': _known_revision(ledger, secret),
        'label': secret.label or '',
        'owner': 'unit' if secret.owner == 'unit' else 'application',
        'description': secret.description,
        'rotation': secret.rotate.value if secret.rotate else None,
        'expiry': secretargs.format_expiry(secret.expire) if secret.expire else None,
        'access': _access(secret),
    }
    shown = {key: value for key, value in info.items() if value or key == 'label'}
    # Juju gives the bare id, which ops completes with the model's uuid; tests look for the one
    # that the State has.
    return {secret.id: shown}


def secret_grant(call: Call) -> None:
    """Let a related application, or one unit of it, read a secret."""
    _with_secrets(call)
    if not call.args:
        raise UsageError('missing secret URI')
    call.at_most(1)
    relation = relation_of(call)
    app = remote_app_name(relation, call.ledger.app_name)
    unit: str | None = call.options.get('unit')
    if unit and unit.partition('/')[0] != app:
        raise UsageError(
            f'cannot specify unit {quote(unit)} in relation to application {quote(app)}'
        )
    secret = _managed(call)
    granted = secret.remote_grants.get(relation.id, frozenset())
    if app not in granted:
        _put_grants(call.ledger, secret, relation.id, granted | {unit or app})


def secret_revoke(call: Call) -> None:
    """Take back a grant."""
    _with_secrets(call)
    if not call.args:
        raise UsageError('missing secret URI')
    call.at_most(1)
    secret = _managed(call)
    relation = relation_of(call) if 'relation' in call.options else None
    whom: str | None = call.options.get('unit') or call.options.get('app')
    if relation is None and whom is None:
        raise UsageError('must specify application, unit or relation')
    if relation is not None:
        whom = whom or remote_app_name(relation, call.ledger.app_name)
    for relation_id, granted in dict(secret.remote_grants).items():
        if relation is None or relation.id == relation_id:
            _put_grants(call.ledger, secret, relation_id, granted - {whom})
            secret = call.ledger.secrets[bare_id(secret.id)]


def secret_remove(call: Call) -> None:
    """Remove a secret, or one revision of it.

    Raises:
        ValueError: If the revision is still in use: a State has no secrets without content.
    """
    ledger = _with_secrets(call)
    if not call.args:
        raise UsageError('missing secret URI')
    call.at_most(1)
    secret = _managed(call)
    given = call.options.get('revision', '0')
    if not given.isdigit():
        raise UsageError(f'invalid value {quote(given)} for option --revision: invalid syntax')
    revision = int(given)
    if not revision:
        ledger.remove_secret(secret)
        return
    if revision in (secret.tracked_revision, secret.latest_revision):
        raise ValueError(
            f'cannot remove revision {revision} of secret {secret.id!r}: it is still in use\n'
            '  hint: the charm should set new content and keep the latest revision'
        )
    ledger.records.removed_secret_revisions.append(revision)


def _with_secrets(call: Call) -> Ledger:
    if call.ledger.juju_version < _FIRST_VERSION:
        raise ToolError('secrets are only available in juju >= 3.0.2')
    return call.ledger


def _owner_reads_latest(version: JujuVersion) -> bool:
    """Whether the owner always tracks the latest revision: Juju's bug 2037120."""
    return not (version >= _FIXED_VERSION or version == _OLD_FIXED_VERSION)


def _found(call: Call) -> Secret:
    """The secret that the URI or else the label names."""
    secrets = call.ledger.secrets
    label: str | None = call.options.get('label')
    if call.args:
        wanted = bare_id(call.args[0])
        if wanted in secrets:
            return secrets[wanted]
        raise ToolError(f'secret {quote(wanted)} not found')
    if not label:
        raise UsageError('require either a secret URI or label')
    for secret in secrets.values():
        if secret.label == label:
            return secret
    raise ToolError(f'secret {quote(label)} not found')


def _managed(call: Call) -> Secret:
    """The secret that is named, if this unit may manage it."""
    secret = _found(call)
    if secret.owner is None:
        raise ToolError(f'secret {quote(bare_id(secret.id))} not found')
    if not _manages(call.ledger, secret):
        raise ToolError('permission denied')
    return secret


def _manages(ledger: Ledger, secret: Secret) -> bool:
    return secret.owner == 'unit' or (secret.owner == 'app' and ledger.leader)


def _check_label(ledger: Ledger, label: str | None, owner: str | None) -> None:
    if label and any(s.label == label and s.owner == owner for s in ledger.secrets.values()):
        raise ToolError(f'secret with label {quote(label)} already exists')


def _ids_before(ledger: Ledger) -> set[str]:
    return {bare_id(secret.id) for secret in ledger.before.secrets}


def _known_revision(ledger: Ledger, secret: Secret) -> int:
    """The latest revision that Juju knows: those of this hook are made when it is over."""
    for before in ledger.before.secrets:
        if before.id == secret.id:
            return before.latest_revision
    return 1


def _access(secret: Secret) -> list[dict[str, str]]:
    return [
        {
            'target': f'unit-{whom.replace("/", "-")}' if '/' in whom else f'application-{whom}',
            'scope': f'relation-{relation_id}',
            'role': 'view',
        }
        for relation_id, granted in sorted(secret.remote_grants.items())
        for whom in sorted(granted)
    ]


def _put_grants(ledger: Ledger, secret: Secret, relation_id: int, granted: frozenset[str]) -> None:
    grants = {**secret.remote_grants, relation_id: granted}
    if not granted:
        del grants[relation_id]
    if grants != secret.remote_grants:
        ledger.put_secret(evolve(secret, remote_grants=FrozenDict(grants)))
