"""The hook tools of actions."""

from __future__ import annotations

import re
from typing import Any, cast

from ..daemon.gotext import quote
from ..errors import ActionMissingFromContextError
from ..frozen import thaw
from ..state.action import Action
from .tool import Call, UsageError

_KEY = re.compile(r'[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\Z')
_RESERVED = ('stdout', 'stdout-encoding', 'stderr', 'stderr-encoding')


def _action(call: Call, tool: str) -> Action:
    action = call.ledger.event.action
    if action is None:
        raise ActionMissingFromContextError(
            f'cannot run {tool}: no action is running\n'
            '  hint: ctx.run(ctx.on.action(...), state); in another event, Juju would answer '
            '"not running an action"'
        )
    return action


def action_get(call: Call) -> Any:
    """Read the action's parameters; those that weren't given have the defaults of the metadata."""
    action = _action(call, 'action-get')
    call.at_most(1)
    declared = call.ledger.spec.action_params(action.name)
    defaults = {k: schema['default'] for k, schema in declared.items() if 'default' in schema}
    value: Any = {**thaw(defaults), **thaw(action.params)}
    for key in (call.arg(0) or '').split('.') if call.arg(0) else ():
        value = cast('dict[str, Any]', value).get(key) if isinstance(value, dict) else None
    return value


def action_set(call: Call) -> None:
    """Add to the action's results; dots in a key make nested results."""
    _action(call, 'action-set')
    pairs = [_result(arg) for arg in call.args]
    results = call.ledger.records.action_results
    if results is None:
        results = call.ledger.records.action_results = {}
    for keys, value in pairs:
        place = results
        for key in keys[:-1]:
            if not isinstance(place.get(key), dict):
                place[key] = {}
            place = cast('dict[str, Any]', place[key])
        place[keys[-1]] = value


def _result(arg: str) -> tuple[list[str], str]:
    key, equals, value = arg.partition('=')
    if not equals:
        raise UsageError(f'argument {quote(arg)} must be of the form key...=value')
    keys = key.split('.')
    for part in keys:
        if not _KEY.match(part):
            raise UsageError(
                f'key {quote(part)} must start and end with lowercase alphanumeric, '
                'and contain only lowercase alphanumeric, hyphens and periods'
            )
        if part in _RESERVED:
            raise UsageError(f'cannot set reserved action key "{part}"')
    return keys, value


def action_log(call: Call) -> None:
    """Tell the user how the action is getting on."""
    _action(call, 'action-log')
    if not call.args:
        raise UsageError('no message specified')
    call.ledger.records.action_logs.append(' '.join(call.args))


def action_fail(call: Call) -> None:
    """Fail the action when it is over."""
    _action(call, 'action-fail')
    call.at_most(1)
    message = call.arg(0)
    if message is None:
        message = 'action failed without reason given, check action for errors'
    call.ledger.records.action_failure = message
