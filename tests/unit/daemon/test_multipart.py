"""Reading multipart bodies and media types by Go's rules."""

from __future__ import annotations

import pytest

from scenario_pebble.daemon import mediatype
from scenario_pebble.daemon.multipart import BadMultipart, Part, Reader


def parts_of(body: bytes) -> list[Part]:
    reader = Reader(body, 'XX')
    parts: list[Part] = []
    while (part := reader.next()) is not None:
        parts.append(part)
    return parts


def test_parts_are_read_with_their_names():
    parts = parts_of(
        b'a preamble\r\n'
        b'--XX\r\nContent-Disposition: form-data; name="request"\r\n\r\n{}\r\n'
        b'--XX \t\r\nContent-Disposition: form-data; name=files; filename="/a\\"b\\\\c"\r\n'
        b'Content-Type: x/y\r\n\r\nline\r\n--XXX\r\n\r\n--XX--\r\nan epilogue'
    )

    assert [(part.name, part.filename, part.content) for part in parts] == [
        ('request', '', b'{}'),
        ('files', '/a"b\\c', b'line\r\n--XXX\r\n'),
    ]
    assert parts[1].headers['content-type'] == 'x/y'


def test_a_header_goes_on_in_lines_that_begin_with_blanks():
    (part,) = parts_of(b'--XX\r\nA: one  \r\n\t two\r\n three\r\nB : x\r\n\r\n\r\n--XX--')

    assert part.headers == {'a': 'one two three', 'b ': 'x'}


def test_empty_contents():
    parts = parts_of(b'--XX\r\n\r\n\r\n--XX\r\nA: b\r\n\r\n--XX--')

    assert [part.content for part in parts] == [b'', b'']


def test_lines_may_end_with_newlines_only():
    assert [part.content for part in parts_of(b'--XX\n\na\n--XX--\n')] == [b'a']


def test_a_part_without_a_boundary_after_it_is_incomplete():
    reader = Reader(b'--XX\r\n\r\nabc', 'XX')

    part = reader.next()

    assert part == Part({}, b'abc', False)
    with pytest.raises(BadMultipart, match=r'^multipart: NextPart: EOF$'):
        reader.next()


@pytest.mark.parametrize(
    ('body', 'message'),
    [
        (b'', 'multipart: NextPart: EOF'),
        (b'text', 'multipart: NextPart: EOF'),
        (b'x' * 6000, 'multipart: NextPart: bufio: buffer full'),
        (b'--XX\r\nA', 'unexpected EOF'),
        (b'--XX\r\n', 'EOF'),
        (b'--XX\r\nno colon\r\n\r\n', 'malformed MIME header: missing colon: "no colon"'),
        (b'--XX\r\n{"a": 1}\r\n', 'malformed MIME header line: "{\\"a\\": 1}"'),
        (b'--XX\r\n: b\r\n', 'malformed MIME header line: ": b"'),
        (b'--XX\r\nA: \0\r\n', 'malformed MIME header line: "A: \\x00"'),
        (b'--XX\r\n A: b\r\n', 'malformed MIME header initial line: " A: b"'),
        (b'--XX\r\n A: ' + b'b' * 80 + b'\r\n', 'message too large'),
    ],
)
def test_what_is_no_multipart(body: bytes, message: str):
    with pytest.raises(BadMultipart) as raised:
        parts_of(body)

    assert str(raised.value) == message


@pytest.mark.parametrize(
    ('header', 'kind', 'parameters'),
    [
        ('application/json', 'application/json', {}),
        ('Application/JSON; Charset="utf-8" ;', 'application/json', {'charset': 'utf-8'}),
        ('form-data; name="a\\"b"; x=y', 'form-data', {'name': 'a"b', 'x': 'y'}),
        ('form-data; filename="C:\\dir\\f"', 'form-data', {'filename': 'C:\\dir\\f'}),
        ("attachment; filename*=UTF-8''%c3%a4", 'attachment', {'filename': 'ä'}),
    ],
)
def test_media_types(header: str, kind: str, parameters: dict[str, str]):
    assert mediatype.parse(header) == (kind, parameters)


@pytest.mark.parametrize(
    ('header', 'message'),
    [
        ('', 'mime: no media type'),
        ('; x=y', 'mime: no media type'),
        ('a b', 'mime: expected token'),
        ('text/', 'mime: expected token after slash'),
        ('text/a b', 'mime: unexpected content after media subtype'),
        ('text/a; x', 'mime: invalid media parameter'),
        ('text/a; x="y', 'mime: invalid media parameter'),
        ('text/a; x=y; x=z', 'mime: duplicate parameter name'),
    ],
)
def test_malformed_media_types(header: str, message: str):
    with pytest.raises(mediatype.BadMediaType) as raised:
        mediatype.parse(header)

    assert str(raised.value) == message
