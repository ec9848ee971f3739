"""The endpoints of layers and of the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import gojson, planyaml
from .gotext import quote
from .message import ApiError, Request, Response
from .plan import FormatError, PlanError

if TYPE_CHECKING:
    from .daemon import Daemon

_BODY = gojson.Struct(
    {
        'action': gojson.Field(gojson.STRING, 'Action'),
        'combine': gojson.Field(gojson.BOOL, 'Combine'),
        'inner': gojson.Field(gojson.BOOL, 'Inner'),
        'label': gojson.Field(gojson.STRING, 'Label'),
        'format': gojson.Field(gojson.STRING, 'Format'),
        'layer': gojson.Field(gojson.STRING, 'Layer'),
    }
)


def get_plan(daemon: Daemon, request: Request) -> Response:
    """``GET /v1/plan``: the combined plan as YAML."""
    values = request.query.get('format') or ('',)
    if values[0] != 'yaml':
        raise ApiError(400, f'invalid format {quote(values[0])}')
    return Response(result=planyaml.plan_yaml(daemon.plan.plan))


def post_layers(daemon: Daemon, request: Request) -> Response:
    """``POST /v1/layers``: add a layer, or combine it into an existing one."""
    body = gojson.decode(request.body, _BODY, gojson.REQUEST_BODY)
    if body['action'] != 'add':
        raise ApiError(400, f'invalid action {quote(body["action"])}')
    if not body['label']:
        raise ApiError(400, 'label must be set')
    if body['format'] != 'yaml':
        raise ApiError(400, f'invalid format {quote(body["format"])}')
    try:
        layer = daemon.plan.parse(body['label'], body['layer'])
    except FormatError as e:
        raise ApiError(400, f'cannot parse layer YAML: {e}') from None
    add = daemon.plan.combine if body['combine'] else daemon.plan.append
    try:
        add(layer, inner=body['inner'])
    except FormatError as e:
        raise ApiError(400, str(e)) from None
    except PlanError as e:
        raise ApiError(500, str(e)) from None
    return Response(result=True)
