"""Requests at random: those that make sense, those that make none, and damaged ones."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import yaml
from hypothesis import strategies as st

from scenario_pebble.daemon.message import Request

Anything = st.SearchStrategy[Any]
Fields = Mapping[str, Anything]

SERVICES = ('steady', 'crashes', 'stubborn', 'slow')
CHECKS = ('up', 'http', 'tcp', 'flaps')
BOUNDARY = 'b' * 32
JSON_HEADERS = {'content-type': 'application/json', 'accept': 'multipart/form-data'}

texts = st.text(max_size=6)
json_values: Anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(width=32, allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
).filter(lambda value: 'inf' not in str(value).lower())


class Either(Protocol):
    """Chooses a value."""

    def __call__(self, *often: Any, rarely: Anything = texts) -> Anything:
        """One of those that make sense, or something else."""
        ...


def tame(*often: Any, rarely: Anything = texts) -> Anything:
    """Only what makes sense."""
    return st.sampled_from(often)


def wild(*often: Any, rarely: Anything = texts) -> Anything:
    """What makes sense, or anything else."""
    return st.sampled_from(often) | st.sampled_from(often) | rarely


def record(fields: Fields, *always: str) -> Anything:
    """A mapping that has some of the fields."""
    return st.fixed_dictionaries(
        {name: fields[name] for name in always},
        optional={name: value for name, value in fields.items() if name not in always},
    )


def one_of_each(*strategies: Anything) -> Anything:
    """Like ``st.one_of``, where each of the strategies is as likely as any other."""
    return st.sampled_from(strategies).flatmap(_same)


def _same(strategy: Anything) -> Anything:
    return strategy


def few(items: Anything) -> Anything:
    return st.lists(items, min_size=1, max_size=2)


ids = st.integers(1, 9).map(str) | texts
_NAMES = (
    'a b data file one link up out loop secret .. . new inner fifo gone etc passwd x* é outside'
)
names = st.sampled_from(['', 'closed', 'n' * 256, *_NAMES.split()])
paths = (
    st.lists(names, min_size=1, max_size=4).map(lambda parts: '/' + '/'.join(parts))
    | st.sampled_from(['/data/up/outside/secret', '/data/out', '/a/b/file', '/data/file', '/one'])
    | st.sampled_from(['/data/new', '/a/new/x', '/data/inner/new', '/a/b', '/data/../../host'])
)


def durations(either: Either) -> Anything:
    return either('1s', '300ms', '1m30s', '', rarely=texts | st.sampled_from(['0', '-1s', '5']))


def owner(either: Either) -> Fields:
    numbers, users = either(None, 0, 33, rarely=st.integers()), either('', 'root', 'www-data')
    return {'user-id': numbers, 'user': users, 'group-id': numbers, 'group': users}


# -- layers


def environments(either: Either) -> Anything:
    return st.dictionaries(either('A', 'HOME'), texts, max_size=2)


def service_fields(either: Either) -> Fields:
    """What a layer may say of a service."""
    actions = either('restart', 'ignore', 'shutdown', 'success-shutdown')
    others = few(either(*SERVICES))
    delays = either('1s', '500ms', '2s', rarely=texts | st.sampled_from(['', '5', '1h', '-1s']))
    return {
        **owner(either),
        'override': either('replace', 'merge'),
        'command': either('steady', 'crashes -x [ --y ]', 'slow', 'stubborn', 'sh -c "a b"'),
        'startup': either('enabled', 'disabled'),
        'summary': texts,
        'after': others,
        'before': others,
        'requires': others,
        'environment': environments(either),
        'working-dir': either('', '/', '/a', rarely=paths),
        'on-success': either('restart', 'ignore', 'shutdown', 'failure-shutdown'),
        'on-failure': actions,
        'on-check-failure': st.dictionaries(either(*CHECKS), actions, max_size=2),
        'backoff-delay': delays,
        'backoff-factor': either(1.0, 2.0, 1.5, rarely=json_values),
        'backoff-limit': delays,
        'kill-delay': delays,
    }


def check_fields(either: Either) -> Fields:
    """What a layer may say of a check."""
    delays = either('1s', '500ms', '2s', rarely=texts | st.sampled_from(['', '5', '1h', '-1s']))
    command = {
        **owner(either),
        'command': either('check', 'gone', './x'),
        'service-context': either(*SERVICES),
        'environment': environments(either),
        'working-dir': either('', '/a', rarely=paths),
    }
    return {
        'override': either('replace', 'merge'),
        'level': either('alive', 'ready'),
        'startup': either('enabled', 'disabled'),
        'period': delays,
        'timeout': delays,
        'threshold': either(1, 2, 3, rarely=json_values),
        'http': record({'url': either('http://localhost/', 'http://[', 'ftp://x')}, 'url'),
        'tcp': record({'port': either(80, 81, rarely=json_values), 'host': texts}, 'port'),
        'exec': record(command, 'command'),
    }


def layers(either: Either) -> Anything:
    """A layer as a value."""
    services = st.dictionaries(
        either(*SERVICES, 'web'), record(service_fields(either), 'override', 'command'), max_size=3
    )
    checks = st.sampled_from(['http', 'tcp', 'exec']).flatmap(
        lambda kind: _checks(either, kind, check_fields(either))
    )
    target = {
        'override': either('replace', 'merge'),
        'type': either('loki', 'syslog'),
        'location': either('http://x'),
        'services': few(either(*SERVICES, 'all', '-all')),
        'labels': st.dictionaries(texts, texts, max_size=1),
    }
    sections: Fields = {
        'summary': texts,
        'services': services,
        'checks': checks,
        'log-targets': st.dictionaries(texts, record(target, *target), max_size=1),
        'workloads': either({}, rarely=json_values),
    }
    return record(sections)


def _checks(either: Either, kind: str, fields: Fields) -> Anything:
    kinds = ('http', 'tcp', 'exec')
    fitting = {name: value for name, value in fields.items() if name not in kinds or name == kind}
    return st.dictionaries(either(*CHECKS, 'new'), record(fitting, 'override', kind), max_size=2)


def _as_yaml(value: Any) -> str:
    return yaml.safe_dump(value, allow_unicode=True)


@st.composite
def damaged(draw: st.DrawFn, strategy: Anything) -> Any:
    """A text or bytes with something cut out or put in."""
    value = draw(strategy)
    noise = draw(st.sampled_from(['', 'x', '{', '"', '\n', ': ', '&a [*a]', '\x00', '-', '\\']))
    at = draw(st.integers(0, len(value)))
    more = draw(st.integers(0, 3))
    piece: Any = noise.encode() if isinstance(value, bytes) else noise
    return value[:at] + piece + value[at + more :]


# -- bodies


def bodies(either: Either) -> Mapping[str, Anything]:
    """By path: what may be posted there."""
    text = layers(either).map(_as_yaml)
    directory = {
        'path': paths,
        'make-parents': st.booleans(),
        'permissions': either('', '644', '000'),
        **owner(either),
    }
    removal = {'path': paths, 'recursive': st.booleans()}
    identity = {
        'access': either('admin', 'read', 'metrics', 'untrusted'),
        'local': record({'user-id': either(33, 1000, rarely=json_values)}, 'user-id'),
        'basic': record({'password': texts}),
        'cert': record({'pem': texts}),
    }
    return {
        '/v1/services': all_of(
            action=either('start', 'stop', 'restart'), services=few(either(*SERVICES))
        )
        | all_of(action=either('replan', 'autostart')),
        '/v1/layers': all_of(
            action=either('add'),
            label=either('x', 'y', 'x/sub'),
            format=either('yaml'),
            layer=either(*[''], rarely=damaged(text)) | text | text,
            combine=either(True, True, False, rarely=json_values),
            inner=st.booleans(),
        ),
        '/v1/checks': all_of(action=either('start', 'stop'), checks=few(either(*CHECKS))),
        '/v1/checks/refresh': all_of(name=either(*CHECKS)),
        '/v1/changes/{id}': all_of(action=either('abort')),
        '/v1/notices': all_of(
            action=either('add'),
            type=either('custom'),
            key=either('a.b/c', 'example.com/x'),
            **{'repeat-after': durations(either)},
            data=either({}, {'a': 'b'}, rarely=json_values),
        ),
        '/v1/signals': all_of(
            signal=either('SIGTERM', 'SIGKILL', 'SIGHUP'), services=few(either(*SERVICES))
        ),
        '/v1/exec': record(exec_fields(either), 'command'),
        '/v1/files': all_of(action=either('make-dirs'), dirs=few(record(directory, 'path')))
        | all_of(action=either('remove'), paths=few(record(removal, 'path'))),
        '/v1/identities': all_of(
            action=either('add', 'update', 'replace'),
            identities=st.dictionaries(
                either('bob', 'eve'), st.none() | record(identity, 'access'), max_size=2
            ),
        )
        | all_of(action=either('remove'), identities=either({'bob': None}, rarely=json_values)),
        '/v1/pairing': json_values,
    }


def all_of(**fields: Anything) -> Anything:
    return st.fixed_dictionaries(fields)


def exec_fields(either: Either) -> Fields:
    """What may be said of a command."""
    return {
        **({} if either is tame else owner(either)),
        'command': few(either('cat', 'slow', 'fails', 'prints', 'writes', 'stubborn')),
        'service-context': either('', *SERVICES),
        'environment': environments(either),
        'working-dir': either('', '/', '/a', rarely=paths),
        'timeout': durations(either),
        'terminal': st.booleans(),
        'interactive': either(False, rarely=st.just(True)),
        'split-stderr': st.booleans(),
        'width': either(80, rarely=json_values),
    }


# -- requests


def _listed(**parameters: Anything) -> Anything:
    """A query with some of the parameters."""
    wrapped = {name: few(value) for name, value in parameters.items()}
    return record({name.replace('_', '-'): value for name, value in wrapped.items()})


def queries(either: Either) -> Mapping[str, Anything]:
    """By path: the parameters of a GET."""
    level = either('alive', 'ready')
    after = either('2023-11-14T22:13:25Z', '2023-11-15T00:00:00.5+02:00')
    return {
        '/v1/services': _listed(names=either(*SERVICES, 'steady,slow')),
        '/v1/changes': _listed(select=either('all', 'ready', 'in-progress')),
        '/v1/changes/{id}': st.just({}),
        '/v1/changes/{id}/wait': _listed(timeout=durations(either)),
        '/v1/plan': _listed(format=either('yaml')),
        '/v1/logs': _listed(
            services=either(*SERVICES), n=either('-1', '0', '3'), follow=either('true', 'false')
        ),
        '/v1/checks': _listed(level=level, names=either(*CHECKS)),
        '/v1/health': _listed(level=level, names=either(*CHECKS)),
        '/v1/notices': _listed(
            types=either('custom', 'change-update'),
            keys=either('a.b/c', '1,2'),
            after=after,
            timeout=durations(either),
        )
        | _listed(users=either('all'))
        | _listed(user_id=either('0', '33')),
        '/v1/notices/{id}': st.just({}),
        '/v1/identities': st.just({}),
        '/v1/metrics': st.just({}),
        '/v1/system-info': st.just({}),
        '/v1/services/{id}': st.just({}),
        '/v1/files': _listed(
            path=paths,
            action=either('list'),
            pattern=either('*', '?', '[^x]*', 'f*e'),
            itself=either('true', 'false'),
        )
        | _listed(path=paths, action=either('read')),
        '/v1/tasks/{id}/websocket/stdio': st.just({}),
        '/v1/nope': st.just({}),
        '//v1/logs': st.just({}),
    }


BODIES = {either: bodies(either) for either in (tame, wild)}
QUERIES = {either: queries(either) for either in (tame, wild)}
eithers = st.sampled_from([tame, tame, wild])
callers = st.sampled_from([*[0] * 10, 1000, 33])
posted_paths = st.sampled_from(
    [*BODIES[wild], *['/v1/services'] * 4, *['/v1/layers', '/v1/checks', '/v1/files'] * 2]
)


@st.composite
def posts(draw: st.DrawFn) -> Request:
    """A body as a Python value."""
    path = draw(posted_paths)
    body = draw(BODIES[draw(eithers)][path])
    return Request('POST', path.replace('{id}', draw(ids)), {}, body, JSON_HEADERS, draw(callers))


@st.composite
def commands(draw: st.DrawFn) -> Request:
    """A command that is accepted."""
    return Request('POST', '/v1/exec', {}, draw(BODIES[tame]['/v1/exec']), JSON_HEADERS)


@st.composite
def posted_bytes(draw: st.DrawFn) -> Request:
    """A body as bytes, perhaps damaged."""
    request = draw(posts())
    whole = st.just(json.dumps(request.body).encode())
    body = draw(whole | damaged(whole) | st.binary(max_size=9))
    return Request('POST', request.path, {}, body, JSON_HEADERS, request.user_id)


@st.composite
def gets(draw: st.DrawFn) -> Request:
    by_path = QUERIES[draw(eithers)]
    path = draw(st.sampled_from(sorted(by_path)))
    query = draw(by_path[path])
    return Request(
        'GET', path.replace('{id}', draw(ids)), query, None, JSON_HEADERS, draw(callers)
    )


@st.composite
def pushes(draw: st.DrawFn) -> Request:
    """Files to be written, perhaps with damage."""
    either = draw(eithers)
    item = {'path': paths, 'permissions': either('644', '', '777'), **owner(either)}
    item['make-dirs'] = st.booleans()
    files: list[Any] = draw(few(record(item, 'path')))
    whole = st.just(multipart(files, draw(either([], rarely=few(paths)))))
    body = draw(whole if either is tame else damaged(whole))
    kind, boundary = draw(either('multipart/form-data')), draw(either(BOUNDARY))
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
    wild('GET', 'POST', 'PUT', 'DELETE'),
    wild(*QUERIES[wild]),
    st.dictionaries(texts, st.lists(texts, max_size=2), max_size=2),
    json_values | st.binary(max_size=9),
    st.dictionaries(wild('content-type', 'upgrade', 'accept'), texts, max_size=2),
    st.integers(0, 2**32 - 1),
)
requests: st.SearchStrategy[Request] = one_of_each(
    *[posts()] * 4, posted_bytes(), pushes(), *[gets()] * 2, noise
)
