"""What docs/pebble.md says is not simulated is what the daemon refuses."""

from __future__ import annotations

import pathlib
import re

from scenario_pebble.clock import Clock
from scenario_pebble.daemon import api
from scenario_pebble.daemon.daemon import Daemon
from scenario_pebble.daemon.message import Request, Response

TEXT = (pathlib.Path(__file__).resolve().parents[1] / 'docs/pebble.md').read_text(encoding='utf-8')
SECTION = TEXT.partition("## What isn't simulated")[2]
LISTED = re.findall(r'^\| `([A-Z]+ [^`]+)`', SECTION, flags=re.MULTILINE)


def test_every_route_that_is_refused_is_listed_and_no_other():
    refused = [
        f'{method} {route.path}'
        for route in api.ROUTES
        for method, handler in (('GET', route.get), ('POST', route.post))
        if handler is api.not_simulated
    ]

    assert refused == [name for name in LISTED if '(' not in name] == ['POST /v1/pairing']


def test_a_mode_that_is_refused_is_listed():
    body = {'command': ['ls'], 'terminal': True, 'interactive': True}

    answer = Daemon(Clock()).request(Request('POST', '/v1/exec', body=body))

    assert isinstance(answer, Response)
    assert answer.status == 500
    assert answer.result['message'] in [f'not simulated: {name}' for name in LISTED]
