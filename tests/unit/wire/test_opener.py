"""The strict wire: the unmodified client of ops, whose bytes go to the daemon."""

from __future__ import annotations

import io
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from ops import pebble

from scenario_pebble.clock import Clock
from scenario_pebble.daemon.daemon import Daemon, DaemonGone
from scenario_pebble.daemon.message import Answered, Lines, Multipart, Part, Request, Response
from scenario_pebble.wire.answer import encode
from scenario_pebble.wire.host import Always, Unreachable
from scenario_pebble.wire.opener import Opener

T = TypeVar('T')


class Nowhere:
    """A container without Pebble."""

    def __init__(self, why: type[Exception]):
        self._why = why

    def call(self, method: str, path: str, act: Callable[[Daemon], T]) -> T:
        raise self._why

    def ask(self, request: Request) -> Answered:
        raise self._why


def client_of(host: Any) -> pebble.Client:
    opener: Any = Opener(host)
    return pebble.Client('/pebble.socket', opener=opener)


@pytest.fixture
def daemon() -> Daemon:
    return Daemon(Clock(5_000_000_000))


@pytest.fixture
def client(daemon: Daemon) -> pebble.Client:
    return client_of(Always(daemon))


def test_layers_plan_and_services(client: pebble.Client):
    client.add_layer('a', {'services': {'web': {'override': 'replace', 'command': 'w'}}})

    client.start_services(['web'])

    assert client.get_plan().services['web'].command == 'w'
    assert client.get_services()[0].is_running()


@pytest.mark.parametrize('name', ['plain', 'blanks and ?&=%;+#'])
@pytest.mark.parametrize('data', [b'', b'\x00\xff', b'line\r\n--boundary\r\n' * 3])
def test_files_go_there_and_back(client: pebble.Client, name: str, data: bytes):
    client.push(f'/{name}', io.BytesIO(data), permissions=0o640, user='postgres')

    with client.pull(f'/{name}', encoding=None) as pulled:
        assert pulled.read() == data
    (info,) = client.list_files(f'/{name}')
    assert (info.name, info.size, info.permissions) == (name, len(data), 0o640)
    assert info.user == 'postgres'


def test_an_error_of_a_file_is_a_path_error(client: pebble.Client):
    with pytest.raises(pebble.PathError) as raised:
        client.pull('/nope')

    assert raised.value.kind == 'not-found'
    assert raised.value.message == 'stat /nope: no such file or directory'


def test_an_error_answer_is_an_api_error(client: pebble.Client):
    with pytest.raises(pebble.APIError) as raised:
        client.get_change(pebble.ChangeID('9'))

    assert (raised.value.code, raised.value.status) == (404, 'Not Found')
    assert raised.value.message == 'cannot find change with id "9"'


@pytest.mark.parametrize(
    ('why', 'message'),
    [
        (
            Unreachable,
            "Could not connect to Pebble: socket not found at '/pebble.socket' "
            '(container restarted?)',
        ),
        (DaemonGone, '[Errno 111] Connection refused'),
    ],
)
def test_nobody_answers(why: type[Exception], message: str):
    with pytest.raises(pebble.ConnectionError) as raised:
        client_of(Nowhere(why)).get_services()

    assert str(raised.value) == message


def test_a_body_may_be_bytes_a_file_or_pieces(daemon: Daemon):
    body = json.dumps({'action': 'add', 'type': 'custom', 'key': 'a.b/c'}).encode()
    opener = Opener(Always(daemon))

    for data in (body, io.BytesIO(body), iter([body[:5], body[5:]])):
        given: Any = data
        request = urllib.request.Request('http://localhost/v1/notices', given, method='POST')
        with opener.open(request) as response:
            assert json.load(response)['result'] == {'id': '1'}


def test_a_redirect_is_an_http_error_for_the_client_to_follow(daemon: Daemon):
    request = urllib.request.Request('http://localhost//v1//services')

    with pytest.raises(urllib.error.HTTPError) as raised:
        Opener(Always(daemon)).open(request)

    assert (raised.value.code, raised.value.headers['Location']) == (301, '/v1/services')
    raised.value.close()


def test_json_is_written_as_go_does():
    encoded = encode(Response(result='<ü&\u2028>'))

    assert encoded.body == (
        b'{"type":"sync","status-code":200,"status":"OK",'
        b'"result":"\\u003c\xc3\xbc\\u0026\\u2028\\u003e"}'
    )
    assert encoded.headers == {
        'Content-Type': 'application/json',
        'Content-Length': str(len(encoded.body)),
    }


def test_lines_are_json_each():
    encoded = encode(Lines(({'a': 1}, {'b': '2'})))

    assert encoded.headers['Content-Type'] == 'application/x-ndjson'
    assert encoded.body == b'{"a":1}\n{"b":"2"}\n'


def test_a_boundary_is_in_no_part():
    first = encode(Multipart((Part('files', '/a', b''),)))
    boundary = first.headers['Content-Type'].partition('boundary=')[2]

    parts = (Part('files', '/a', boundary.encode()), Part('files', '/b', b''))
    second = encode(Multipart(parts))

    other = second.headers['Content-Type'].partition('boundary=')[2].encode()
    assert second.body.count(other) == 3
    assert len(other) == 60
