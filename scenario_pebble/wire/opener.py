"""The strict wire: an opener for the unmodified ``ops.pebble.Client``, passing bytes both ways.

The client calls ``open(request, timeout=)`` on it, reads ``headers`` and ``read`` of what it
returns, and expects what urllib raises: ``HTTPError`` for an answer of 400 and more, ``URLError``
with an ``OSError`` where nobody answers.
"""

from __future__ import annotations

import email.message
import errno
import io
import os
import urllib.error
import urllib.parse
import urllib.request
import urllib.response
from collections.abc import Iterable
from typing import IO, Any, cast

from ..daemon.daemon import DaemonGone
from ..daemon.message import Request
from .answer import Encoded, encode
from .host import Host, Refused, Unreachable
from .http import parameters


class Opener:
    """Answers the requests of ``ops.pebble.Client``.

    Args:
        host: Whom it asks.
    """

    def __init__(self, host: Host):
        self.host = host

    def open(
        self, request: urllib.request.Request, timeout: float | None = None
    ) -> urllib.response.addinfourl:
        """Answer a request.

        Raises:
            urllib.error.HTTPError: If Pebble answers with an error.
            urllib.error.URLError: If Pebble can't be connected to.
            OSError: If no answer comes.
        """
        parsed = urllib.parse.urlsplit(request.full_url)
        received = Request(
            request.get_method(),
            urllib.parse.unquote(parsed.path),
            parameters(parsed.query),
            _body(request.data),
            {name.lower(): value for name, value in request.header_items()},
        )
        try:
            answer = self.host.ask(received)
        except Unreachable:
            # What connecting gives where no daemon has made a socket.
            raise urllib.error.URLError(_error(errno.ENOENT)) from None
        except DaemonGone:
            raise urllib.error.URLError(_error(errno.ECONNREFUSED)) from None
        except Refused as e:
            answer = e.answer
        return _response(request.full_url, encode(answer))


def _error(number: int) -> OSError:
    return OSError(number, os.strerror(number))  # Python chooses the class by the number


def _body(data: Any) -> bytes:
    if data is None or isinstance(data, bytes):
        return data or b''
    if hasattr(data, 'read'):
        return cast('IO[bytes]', data).read()
    return b''.join(cast('Iterable[bytes]', data))  # sent in chunks


def _response(url: str, encoded: Encoded) -> urllib.response.addinfourl:
    headers = email.message.Message()
    for name, value in encoded.headers.items():
        headers[name] = value
    body = io.BytesIO(encoded.body)
    if encoded.status >= 300:
        raise urllib.error.HTTPError(url, encoded.status, encoded.reason, headers, body)
    return urllib.response.addinfourl(body, headers, url, encoded.status)
