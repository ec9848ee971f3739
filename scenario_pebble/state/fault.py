"""Which of a charm's requests to Pebble fails, and how?"""

from __future__ import annotations

import dataclasses
import functools
import re
import typing
from collections.abc import Iterable, Sequence
from typing import ClassVar, Literal

from ..dataclass import dataclass
from ..errors import StateValidationError, closest
from .given import read_only_list
from .value import Value

FaultKind = Literal[
    'connection-refused',
    'socket-gone',
    'connection-lost',
    'timeout',
    'api-error',
    'change-error',
    'slow',
]
"""How a request fails; see `Fault.kind`."""

FAULT_KINDS: tuple[FaultKind, ...] = typing.get_args(FaultKind)
"""All kinds."""

# ops: pebble.Client.__init__
CLIENT_TIMEOUT = 5.0
"""How long ops' client waits for an answer, in seconds."""

# Pebble: daemon/api.go
REQUESTS = (
    'GET /v1/system-info',
    'GET /v1/health',
    'GET /v1/changes',
    'GET /v1/changes/*',
    'POST /v1/changes/*',
    'GET /v1/changes/*/wait',
    'GET /v1/services',
    'POST /v1/services',
    'GET /v1/services/*',
    'POST /v1/services/*',
    'GET /v1/plan',
    'POST /v1/layers',
    'GET /v1/files',
    'POST /v1/files',
    'GET /v1/logs',
    'POST /v1/exec',
    'GET /v1/tasks/*/websocket/*',
    'POST /v1/signals',
    'GET /v1/checks',
    'POST /v1/checks',
    'POST /v1/checks/refresh',
    'GET /v1/notices',
    'POST /v1/notices',
    'GET /v1/notices/*',
    'GET /v1/identities',
    'POST /v1/identities',
    'POST /v1/pairing',
    'GET /v1/metrics',
)
"""All that Pebble answers; ``*`` stands for a variable segment."""

STATUSES = (400, 401, 403, 404, 405, 500, 502, 504)
"""The statuses of Pebble's errors."""

_BEGIN_CHANGES = ('POST /v1/services', 'POST /v1/exec')
NEVER_ACCEPTED: tuple[FaultKind, ...] = ('connection-refused', 'socket-gone')
"""The kinds after which no request has taken effect."""
_OF_KINDS: dict[str, tuple[FaultKind, ...]] = {
    'status': ('api-error',),
    'message': ('api-error', 'change-error'),
    'seconds': ('slow',),
}


@dataclass(frozen=True, repr=False)
class Fault(Value):
    """A request of the charm that fails, however well the workload does.

    A fault that has a number is gone from the State once it has hit, so that Juju's retry of the
    hook doesn't meet it again.

    Example::

        Container('web', can_connect=True, faults=[
            Fault('POST /v1/services', 'connection-refused'),           # once, at the first replan
            Fault('GET /v1/changes/*/wait', 'timeout', number=None),    # at every wait
            Fault('POST /v1/files', 'api-error', number=2, message='no space left on device'),
        ])

    Raises:
        StateValidationError: If Pebble has no such request, or the kind of fault can't meet it.
    """

    KINDS: ClassVar[tuple[FaultKind, ...]] = FAULT_KINDS
    """All kinds."""

    request: str
    """The beginning of the request as the timeline writes it, ``*`` standing for any one segment
    of the path: ``'POST /v1/files'``, ``'GET /v1/changes/*/wait'``, ``'GET'``; empty: any
    request."""
    kind: FaultKind = 'connection-refused'
    """What the charm meets; ops raises:

    - ``connection-refused``, ``socket-gone``: Pebble is not there (any more):
      ``pebble.ConnectionError``; where a websocket is opened, a bare OSError;
    - ``connection-lost``: Pebble takes the request, and goes away without an answer:
      ``http.client.RemoteDisconnected``, a bare OSError;
    - ``timeout``: no answer for 5 seconds: a bare ``TimeoutError``, except for a wait for a
      change, which ops repeats until its own ``pebble.TimeoutError``;
    - ``api-error``: Pebble answers with *status* and *message*: ``pebble.APIError``;
    - ``change-error``: the tasks of the change that the request begins fail with *message*:
      ``pebble.ChangeError``;
    - ``slow``: the answer takes *seconds* longer.
    """
    _: dataclasses.KW_ONLY
    number: int | None = 1
    """Which of the matching requests is hit, counted from 1 in each event; None: every one."""
    after: bool = False
    """Whether the request takes effect first."""
    status: int = 500
    """Of an ``api-error``: the HTTP status."""
    message: str = 'simulated fault'
    """Of an ``api-error``: Pebble's message; of a ``change-error``: what its tasks fail with."""
    seconds: float = 3.0
    """Of a ``slow`` answer; less than the 5 for which ops waits."""

    def __post_init__(self) -> None:
        super().__post_init__()
        cause, hint = _trouble(self)
        if cause:
            raise StateValidationError(f'cannot have {self!r}: {cause}\n  hint: {hint}')

    def matches(self, request: str) -> bool:
        """Whether a request, as the timeline writes it, is one of those meant."""
        if self.kind == 'change-error' and request not in _BEGIN_CHANGES:
            return False
        return _pattern(self.request).match(request) is not None

    @property
    def label(self) -> str:
        """Kind and moment: ``api-error before``."""
        return f'{self.kind} {"after" if self.after else "before"}'


def read_only_faults(given: Iterable[Fault]) -> tuple[Fault, ...]:
    """What a Container keeps of the faults that a test gives.

    Raises:
        StateValidationError: If something else is among them.
    """
    faults = (given,) if isinstance(given, Fault) else given
    return tuple(read_only_list(faults, Fault, 'Container.faults'))


@functools.lru_cache(maxsize=256)
def _pattern(request: str) -> re.Pattern[str]:
    segments = re.escape(request.rstrip('/')).replace(r'\*', '[^/ ]+')
    return re.compile(f'{segments}(?![^/ ])' if segments else '')


def _trouble(fault: Fault) -> tuple[str, str]:
    """What is wrong with a fault, and a repair; two empty texts if all is well."""
    for rule in (_of_request, _of_number, _of_moment, _of_details, _of_values):
        cause, hint = rule(fault)
        if cause:
            return cause, hint
    return '', ''


def _of_request(fault: Fault) -> tuple[str, str]:
    known = _known(fault)
    if not known:
        return f'Pebble has no request {fault.request!r}', _repair(fault.request)
    if fault.kind == 'change-error' and not any(map(fault.matches, known)):
        return 'this request begins no change', f'{" and ".join(_BEGIN_CHANGES)} do'
    return '', ''


def _known(fault: Fault) -> Sequence[str]:
    """The requests that a fault may mean."""
    # Of a concrete path, its variable segments match the pattern's.
    request = fault.request.rstrip('/')
    pattern = _pattern(request)
    return [known for known in REQUESTS if pattern.match(known) or _pattern(known).match(request)]


def _repair(request: str) -> str:
    return closest(request, REQUESTS) or "for example 'POST /v1/services', as the timeline has it"


def _of_number(fault: Fault) -> tuple[str, str]:
    if fault.number is None or fault.number > 0:
        return '', ''
    return f'number is {fault.number}', '1 is the first such request, None means every one'


def _of_moment(fault: Fault) -> tuple[str, str]:
    if not (fault.after and fault.kind in NEVER_ACCEPTED):
        return '', ''
    cause = 'what is never received takes no effect'
    return cause, f"did you mean Fault({fault.request!r}, 'connection-lost', after=True)?"


def _of_details(fault: Fault) -> tuple[str, str]:
    for field in dataclasses.fields(fault):
        kinds = _OF_KINDS.get(field.name)
        if kinds and fault.kind not in kinds and getattr(fault, field.name) != field.default:
            return f'{field.name} says nothing here', f'{field.name} is for {" and ".join(kinds)}'
    return '', ''


def _of_values(fault: Fault) -> tuple[str, str]:
    if fault.status not in STATUSES:
        return f'Pebble never answers {fault.status!r}', f'one of {", ".join(map(str, STATUSES))}'
    if not 0 < fault.seconds < CLIENT_TIMEOUT:
        hint = f"after {CLIENT_TIMEOUT:.0f} seconds ops gives up: that is a 'timeout'"
        return f'seconds is {fault.seconds!r}', hint
    return '', ''
