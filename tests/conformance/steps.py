"""What does each verb of a recording do to the simulated daemon, and what is seen of it?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from scenario_pebble.daemon import message
from scenario_pebble.daemon.daemon import DaemonGone

from . import cli, compare, files, wires
from .execution import Execution
from .subject import Subject

MODIFIERS = ('unordered', 'ignore', 'save', 'summary', 'at', 'observed')
STEP = 0.01
"""Seconds between two requests of ``poll`` and ``sample``."""


def verb(step: Mapping[str, Any]) -> str:
    """The key that says what a step does."""
    return next(key for key in step if key not in MODIFIERS)


class Session:
    """One replay: the daemon, and what earlier steps left for later ones."""

    def __init__(self, recording: Mapping[str, Any], wire: wires.Wire):
        self._wire: wires.Wire = wire
        self.subject = Subject(recording)
        self._variables: dict[str, str] = {}
        self._background: dict[str, message.Answered | message.Pending] = {}

    def do(self, step: Mapping[str, Any]) -> dict[str, Any]:
        """Do one step; what is seen of it, before it is normalised."""
        kind = verb(step)
        argument = _filled_in(step[kind], self._variables)
        seen = getattr(self, '_' + kind.replace('-', '_'))(argument)
        for name, path in step.get('save', {}).items():
            self._variables[name] = str(compare.lookup(seen, path))
        return seen

    # -- requests

    def _request(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        try:
            sent = self._sent(spec)
        except DaemonGone:
            return {'connection-error': 'FileNotFoundError'}
        if 'background' in spec:
            self._background[spec['background']] = sent
            self.subject.advance(0.1)
            return {}
        return self._seen(sent)

    def _sent(self, spec: Mapping[str, Any]) -> message.Answered | message.Pending:
        method, query = spec.get('method', 'GET'), spec.get('query', {})
        return self.subject.send(wires.request(self._wire, method, spec['path'], query, spec))

    def _seen(self, sent: message.Answered | message.Pending) -> dict[str, Any]:
        seen = wires.observed(self._wire, self.subject.answer(sent))
        if change := compare.lookup(seen, 'body.change'):
            self._variables['change'] = change
        return seen

    def _join(self, name: str) -> dict[str, Any]:
        return self._seen(self._background.pop(name))

    def _wait_change(self, change: str) -> dict[str, Any]:
        return self._request({'path': f'/v1/changes/{change}/wait', 'query': {'timeout': '15s'}})

    # -- files

    def _file_push(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        if self._wire == 'fast':
            return wires.observed('fast', files.push(self.subject.daemon, spec['files']))
        return self._seen(self.subject.send(files.push_request(spec['files'])))

    def _file_pull(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        if self._wire == 'fast':
            return wires.observed('fast', files.pull(self.subject.daemon, spec['paths']))
        query = {'action': 'read', 'path': spec['paths']}
        headers = {'accept': 'multipart/form-data'}
        return self._request({'path': '/v1/files', 'query': query, 'headers': headers})

    # -- commands

    def _exec(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        own = ('stdin', 'signals', 'connect', 'stdin-delay')
        body = {key: value for key, value in spec.items() if key not in own}
        seen = self._request({'method': 'POST', 'path': '/v1/exec', 'body': body})
        task = compare.lookup(seen, 'body.result.task-id')
        if task is None:
            return seen
        execution = Execution(self.subject, task)
        execution.connect(
            spec.get('connect')
            or ['control', 'stdio'] + ['stderr'] * bool(spec.get('split-stderr'))
        )
        if 'stdin' in spec:
            execution.write(spec['stdin'], spec.get('stdin-delay', 0))
        for signal in spec.get('signals', []):
            execution.signal(signal['name'], signal.get('after', 0))
        seen['wait'] = self._wait_change(seen['body']['change'])
        return seen | {'output': execution.output()}

    def _cli(self, arguments: list[str]) -> dict[str, Any]:
        return cli.run(self.subject.daemon, self.subject.environment, arguments)

    # -- time

    def _advance(self, seconds: float) -> dict[str, Any]:
        self.subject.advance(seconds)
        return {}

    def _endpoint(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        changes = {key: value for key, value in spec.items() if key != 'name'}
        self.subject.change_endpoint(spec['name'], changes)
        return {}

    def _poll(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        """Repeat a request until what is at a path equals a value, or no longer does."""
        deadline = self.subject.seconds + spec.get('timeout', 10)
        while True:
            seen = self._request(spec['request'])
            reached = (compare.lookup(seen.get('body'), spec['path']) == spec['equals']) != bool(
                spec.get('not')
            )
            late = self.subject.seconds > deadline
            if reached or late:
                until = {'~time': round(self.subject.seconds, 2)}
                return {'until': until, 'timed-out': late} | seen
            self.subject.advance(STEP)

    def _sample(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        """Repeat a request and note each new value of some fields, until there are enough."""
        deadline = self.subject.seconds + spec.get('timeout', 10)
        sequence: list[dict[str, Any]] = []
        while len(sequence) < spec['count'] and self.subject.seconds < deadline:
            body = self._request(spec['request']).get('body')
            value = [compare.lookup(body, path) for path in spec['pick']]
            if not sequence or sequence[-1]['value'] != value:
                sequence.append(
                    {'value': value, 'from': {'~time': round(self.subject.seconds, 2)}}
                )
            self.subject.advance(STEP)
        return {'sequence': sequence}

    # -- the daemon's life

    def _wait_exit(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        return {'exit-code': self.subject.wait_for_exit(spec.get('timeout', 15))}

    def _restart_daemon(self, _: Mapping[str, Any]) -> dict[str, Any]:
        return {'exit-code': self.subject.restart()}


def _filled_in(value: Any, variables: Mapping[str, str]) -> Any:
    """*value* with each ``{variable}`` in its texts replaced."""
    if isinstance(value, str):
        for name, text in variables.items():
            value = value.replace('{' + name + '}', text)
        return value
    if isinstance(value, list):
        return [_filled_in(item, variables) for item in cast('list[Any]', value)]
    if isinstance(value, dict):
        items = cast('dict[str, Any]', value).items()
        return {_filled_in(key, variables): _filled_in(item, variables) for key, item in items}
    return value
