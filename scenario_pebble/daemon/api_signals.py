"""How the API sends signals to services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import gojson
from .message import ApiError, Request, Response

if TYPE_CHECKING:
    from .daemon import Daemon

_PAYLOAD = gojson.Struct(
    {
        'signal': gojson.Field(gojson.STRING, 'Signal'),
        'services': gojson.Field(gojson.Array(gojson.STRING), 'Services'),
    },
    'signalsPayload',
)


def post_signals(daemon: Daemon, request: Request) -> Response:
    """POST /v1/signals."""
    payload = gojson.decode(request.body, _PAYLOAD)
    if not payload['services']:
        raise ApiError(400, 'must specify one or more services')
    try:
        daemon.services.signal(payload['services'], payload['signal'])
    except ValueError as e:
        raise ApiError(500, str(e)) from None
    return Response(result=True)
