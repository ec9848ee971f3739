"""Requests at random: valid ones, ones with a mistake, and noise."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import yaml
from hypothesis import strategies as st

from scenario_pebble.daemon.message import Request

SERVICES = ('steady', 'crashes', 'stubborn', 'slow', 'nope')
CHECKS = ('up', 'http', 'tcp', 'flaps', 'nope')
BOUNDARY = 'b' * 32

Strings = st.SearchStrategy[str]
Anything = st.SearchStrategy[Any]


def either(*often: Any, rarely: Anything) -> Anything:
    """Mostly one of these values, now and then something else."""
    return st.one_of(*[st.sampled_from(often)] * 9, rarely)


def record(fields: Mapping[str, Anything], *always: str) -> Anything:
    """A mapping that has some of the fields."""
    return st.fixed_dictionaries(
        {name: fields[name] for name in always},
        optional={name: value for name, value in fields.items() if name not in always},
    )


texts = st.text(max_size=6)
json_values: Anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
ids = either('1', '2', '3', '4', '5', '6', '7', rarely=texts)
services: Anything = st.lists(either(*SERVICES, rarely=texts), max_size=3)
durations = either('1s', '300ms', '0', '1m30s', '', '-1s', '1.5h', rarely=texts)
user_ids = either(None, 0, 1000, 33, rarely=st.integers())
users = either('', 'root', 'www-data', 'nobody', rarely=texts)
permissions = either('', '644', '000', '777', rarely=texts)
owner: Mapping[str, Anything] = {
    'user-id': user_ids,
    'user': users,
    'group-id': user_ids,
    'group': users,
}

# -- paths of files: what a test's world has, ways around it, and noise

names = either(
    *(
        'a',
        'b',
        'data',
        'file',
        'one',
        'link',
        'up',
        'out',
        'loop',
        'secret',
        '..',
        '.',
        '',
        'new',
    ),
    *('inner', 'fifo', 'gone', 'etc', 'passwd', 'host', 'x*', 'é'),
    rarely=texts | st.just('n' * 256),
)
paths = st.one_of(
    st.lists(names, max_size=5).map(lambda parts: '/' + '/'.join(parts)),
    st.sampled_from(['/data/up/outside/secret', '/data/out', '/data/../../host', '/one']),
    texts,
)

# -- layers

commands = either('steady', 'crashes -x [ --y ]', 'sh -c "a b"', 'cat', 'gone', rarely=texts)
actions = either('restart', 'ignore', 'shutdown', 'success-shutdown', rarely=texts)
overrides = either('replace', 'merge', rarely=texts)
environments: Anything = st.dictionaries(either('A', 'HOME', rarely=texts), texts, max_size=2)
delays = either('1s', '500ms', '2s', rarely=st.sampled_from(['', '5', 'x', '1h', '-1s']))
service_fields: Mapping[str, Anything] = {
    **owner,
    'override': overrides,
    'command': commands,
    'startup': either('enabled', 'disabled', rarely=texts),
    'summary': texts,
    'after': services,
    'before': services,
    'requires': services,
    'environment': environments,
    'working-dir': either('', '/', '/a', rarely=paths),
    'on-success': actions,
    'on-failure': actions,
    'on-check-failure': st.dictionaries(either(*CHECKS, rarely=texts), actions, max_size=2),
    'backoff-delay': delays,
    'backoff-factor': either(1.0, 2.0, 1.5, rarely=json_values),
    'backoff-limit': delays,
    'kill-delay': delays,
}
check_fields: Mapping[str, Anything] = {
    'override': overrides,
    'level': either('alive', 'ready', rarely=texts),
    'startup': either('enabled', 'disabled', rarely=texts),
    'period': delays,
    'timeout': delays,
    'threshold': either(1, 2, 3, rarely=json_values),
    'http': record(
        {'url': either('http://localhost:80/', 'http://h:1/moved', rarely=texts)}, 'url'
    ),
    'tcp': record({'port': either(80, 81, rarely=json_values), 'host': texts}, 'port'),
    'exec': record(
        {
            **owner,
            'command': commands,
            'service-context': either(*SERVICES, rarely=texts),
            'environment': environments,
            'working-dir': paths,
        },
        'command',
    ),
}
layers: Anything = record(
    {
        'summary': texts,
        'services': st.dictionaries(
            either(*SERVICES, rarely=texts),
            record(service_fields, 'override', 'command'),
            max_size=3,
        ),
        'checks': st.dictionaries(
            either(*CHECKS, rarely=texts), record(check_fields, 'override'), max_size=2
        ),
        'log-targets': st.dictionaries(
            texts,
            record(
                {'override': overrides, 'type': texts, 'location': texts, 'services': services}
            ),
            max_size=1,
        ),
        'workloads': json_values,
    }
)


def _as_yaml(value: Any) -> str:
    return yaml.safe_dump(value, allow_unicode=True)


@st.composite
def damaged(draw: st.DrawFn, strategy: Anything) -> Any:
    """A text or bytes, mostly as they are, sometimes with something cut out or put in."""
    value = draw(strategy)
    noise = draw(st.sampled_from(['', '', '', 'x', '{', '"', '\n', ': ', '&a [*a]', '\x00', '-']))
    if not noise:
        return value
    at = draw(st.integers(0, len(value)))
    more = draw(st.integers(0, 3))
    piece: Any = noise.encode() if isinstance(value, bytes) else noise
    return value[:at] + piece + value[at + more :]


layer_texts = damaged(layers.map(_as_yaml)) | st.text(max_size=20)

# -- bodies

FIELDS: Mapping[str, Mapping[str, Anything]] = {
    '/v1/services': {
        'action': either('start', 'stop', 'restart', 'replan', 'autostart', rarely=texts),
        'services': services,
    },
    '/v1/layers': {
        'action': either('add', rarely=texts),
        'label': either('x', 'y', 'x/sub', rarely=texts),
        'format': either('yaml', rarely=texts),
        'layer': layer_texts,
        'combine': st.booleans(),
        'inner': st.booleans(),
    },
    '/v1/checks': {
        'action': either('start', 'stop', rarely=texts),
        'checks': st.lists(either(*CHECKS, rarely=texts), max_size=2),
    },
    '/v1/checks/refresh': {'name': either(*CHECKS, rarely=texts)},
    '/v1/changes/{id}': {'action': either('abort', rarely=texts)},
    '/v1/notices': {
        'action': either('add', rarely=texts),
        'type': either('custom', rarely=texts),
        'key': either('a.b/c', 'example.com/x', rarely=texts),
        'repeat-after': durations,
        'data': st.dictionaries(texts, texts, max_size=2) | json_values,
    },
    '/v1/signals': {
        'signal': either('SIGTERM', 'SIGKILL', 'SIGHUP', 'SIGUSR1', rarely=texts),
        'services': services,
    },
    '/v1/exec': {
        **owner,
        'command': st.lists(
            either('cat', 'slow', 'fails', 'prints', 'writes', rarely=texts), max_size=2
        ),
        'service-context': either('', *SERVICES, rarely=texts),
        'environment': environments,
        'working-dir': either('', '/', '/a', rarely=paths),
        'timeout': durations,
        'terminal': st.booleans(),
        'interactive': either(False, rarely=st.just(True)),
        'split-stderr': st.booleans(),
        'width': st.integers(0, 99),
    },
    '/v1/files': {
        'action': either('make-dirs', 'remove', rarely=texts | st.just('write')),
        'dirs': st.lists(
            record(
                {
                    'path': paths,
                    'make-parents': st.booleans(),
                    'permissions': permissions,
                    **owner,
                },
                'path',
            ),
            max_size=2,
        ),
        'paths': st.lists(record({'path': paths, 'recursive': st.booleans()}, 'path'), max_size=2),
    },
    '/v1/identities': {
        'action': either('add', 'update', 'replace', 'remove', rarely=texts),
        'identities': st.dictionaries(
            either('bob', 'eve', rarely=texts),
            st.none()
            | record(
                {
                    'access': either('admin', 'read', 'metrics', 'untrusted', rarely=texts),
                    'local': record({'user-id': user_ids}),
                    'basic': record({'password': texts}),
                    'cert': record({'pem': texts}),
                }
            ),
            max_size=2,
        ),
    },
    '/v1/pairing': {'action': texts},
}

queries: Anything = st.dictionaries(
    either(
        *('names', 'services', 'types', 'keys', 'user-id', 'users', 'after', 'timeout', 'level'),
        *('select', 'for', 'n', 'follow', 'action', 'path', 'pattern', 'itself', 'format'),
        rarely=texts,
    ),
    st.lists(
        either('all', 'ready', 'yaml', 'true', '10', '-1', 'custom,x', 'up', '2s', rarely=texts),
        max_size=2,
    ),
    max_size=3,
)
file_queries: Anything = record(
    {
        'action': st.sampled_from([['list'], ['read']]),
        'path': st.lists(paths, min_size=1, max_size=3),
        'pattern': st.lists(either('*', '[a-', '?', '[^x]*', rarely=texts), max_size=1),
        'itself': st.sampled_from([['true'], ['false'], ['x']]),
    },
    'action',
    'path',
)
gets = either(
    *('/v1/services', '/v1/changes', '/v1/plan', '/v1/logs', '/v1/checks', '/v1/notices'),
    *('/v1/identities', '/v1/metrics', '/v1/health', '/v1/system-info', '/v1/changes/{id}'),
    *('/v1/notices/{id}', '/v1/changes/{id}/wait', '/v1/services/{id}'),
    rarely=st.sampled_from(['/v1/tasks/{id}/websocket/stdio', '/v1/nope', '//v1/logs', ''])
    | st.text(max_size=9).map('/v1/'.__add__),
)


def _listed(value: str) -> list[str]:
    return [value]


callers = either(0, rarely=st.sampled_from([0, 1000, 33]))


def _request(
    method: str, path: str, change: str, query: Any = None, body: Any = None, caller: int = 0
) -> Request:
    headers = {'content-type': 'application/json', 'accept': 'multipart/form-data'}
    return Request(method, path.replace('{id}', change), query or {}, body, headers, caller)


reads = st.builds(_request, st.just('GET'), gets, ids, queries, caller=callers)
waits = st.builds(
    _request,
    st.just('GET'),
    st.sampled_from(['/v1/changes/{id}/wait', '/v1/notices']),
    ids,
    record({'timeout': durations.map(_listed)}, 'timeout'),
)
file_reads = st.builds(_request, st.just('GET'), st.just('/v1/files'), ids, file_queries)


@st.composite
def posts(draw: st.DrawFn) -> Request:
    """A body as a Python value."""
    path = draw(st.sampled_from(sorted(FIELDS)))
    always = [name for name in FIELDS[path] if draw(st.integers(0, 19))]
    body = draw(either(None, rarely=json_values)) or draw(record(FIELDS[path], *always))
    return _request('POST', path, draw(ids), body=body, caller=draw(callers))


@st.composite
def posted_bytes(draw: st.DrawFn) -> Request:
    """A body as bytes, perhaps damaged."""
    request = draw(posts())
    body = draw(damaged(st.just(json.dumps(request.body).encode())) | st.binary(max_size=9))
    return Request('POST', request.path, {}, body, request.headers, request.user_id)


@st.composite
def pushes(draw: st.DrawFn) -> Request:
    """Files to be written, perhaps with damage."""
    item = record({'path': paths, 'make-dirs': st.booleans(), 'permissions': permissions, **owner})
    files: list[Any] = draw(st.lists(item, max_size=2))
    body = draw(damaged(st.just(multipart(files, draw(st.lists(paths, max_size=1))))))
    boundary = draw(either(BOUNDARY, rarely=texts))
    kind = draw(either('multipart/form-data', rarely=texts))
    headers = {'content-type': f'{kind}; boundary={boundary}'}
    return Request('POST', '/v1/files', {}, body, headers, draw(callers))


def multipart(files: Sequence[Mapping[str, Any]], more: Sequence[str]) -> bytes:
    """The body of a push: metadata, the content of each file, and of some others."""
    parts = [('request', None, json.dumps({'action': 'write', 'files': files}))]
    parts += [('files', file.get('path', ''), 'content\n') for file in files]
    parts += [('files', path, 'more') for path in more]
    body = ''
    for name, filename, content in parts:
        named = '' if filename is None else f'; filename="{filename}"'
        body += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'
        body += f'{content}\r\n'
    return f'{body}--{BOUNDARY}--\r\n'.encode()


noise = st.builds(
    Request,
    either('GET', 'POST', 'PUT', 'DELETE', rarely=texts),
    gets | texts,
    queries,
    json_values | st.binary(max_size=9),
    st.dictionaries(either('content-type', 'upgrade', 'accept', rarely=texts), texts, max_size=2),
    st.integers(0, 2**32 - 1),
)
requests: st.SearchStrategy[Request] = st.one_of(
    posts(), posts(), posts(), posted_bytes(), pushes(), reads, reads, waits, file_reads, noise
)
