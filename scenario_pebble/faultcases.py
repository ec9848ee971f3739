"""Which faults can the requests of an event meet?"""

from __future__ import annotations

import collections
import dataclasses
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

from .dataclass import dataclass
from .errors import StateValidationError, closest
from .log import Row
from .state.fault import FAULT_KINDS, NEVER_ACCEPTED, Fault, FaultKind

DEFAULT_FAULTS: tuple[FaultKind, ...] = ('connection-refused', 'change-error')
"""What charms meet in every deployment: Pebble is (re)started, a service doesn't start.  Of the
others, ``api-error`` mostly tells of a mistake, and ops lets some through as bare OSErrors."""

_WEBSOCKET = 'GET /v1/tasks/'
_ID = re.compile(r'/\d+(?=/|$)')


@dataclass(frozen=True)
class Meeting:
    """A request that meets a fault."""

    container: str
    request: str
    """As the timeline writes it."""
    where: str
    """The line of the charm that makes it, as ``file:line``."""
    fault: Fault
    id: str
    """Names it among all: ``web-post-services-connection-refused-before``."""


def meetings(
    rows: Sequence[Row], faults: Iterable[Fault | FaultKind] | Fault | FaultKind
) -> list[Meeting]:
    """Each fault at each request that it can meet, in the order of the requests.

    Args:
        rows: The requests of a run.
        faults: A `Fault` meets every request that it matches, whatever its number; a kind meets
            every request, and those that change something also after they took effect.

    Raises:
        StateValidationError: If something else is among *faults*.
    """
    is_one = isinstance(faults, (str, Fault)) or not isinstance(cast('Any', faults), Iterable)
    wanted: Any = [faults] if is_one else faults
    templates = [template for fault in wanted for template in _templates(fault)]
    answered = [row for row in rows if row.text != 'cannot connect']
    return [
        _meeting(answered, number, template)
        for number, row in enumerate(answered)
        for template in templates
        if _can_meet(template, row.subject)
    ]


def without_repeated(found: Sequence[Meeting]) -> list[Meeting]:
    """Of those that one line of the charm brings about again and again, the first and the last."""
    groups: dict[tuple[object, ...], list[Meeting]] = collections.defaultdict(list)
    for meeting in found:
        request, fault = _general(meeting.request), meeting.fault
        groups[meeting.container, request, meeting.where, fault.label].append(meeting)
    kept = {id(meeting) for group in groups.values() for meeting in (group[0], group[-1])}
    return [meeting for meeting in found if id(meeting) in kept]


def _templates(fault: Fault | FaultKind) -> Iterator[Fault]:
    if isinstance(fault, Fault):
        yield fault
        return
    if fault not in FAULT_KINDS:
        raise StateValidationError(
            f'cannot sweep with {fault!r}: it is neither a Fault nor a kind of fault\n'
            f'  hint: {closest(str(fault), FAULT_KINDS) or ", ".join(map(repr, FAULT_KINDS))}'
        )
    yield Fault('', fault)
    if fault not in NEVER_ACCEPTED:
        yield Fault('POST', fault, after=True)  # what only reads takes no effect


def _can_meet(template: Fault, request: str) -> bool:
    # Of a websocket that can't be opened ops makes no pebble.Error; who wants that, says so.
    meant = not request.startswith(_WEBSOCKET) or '/v1/tasks' in template.request
    return meant and template.matches(request)


def _meeting(rows: Sequence[Row], number: int, template: Fault) -> Meeting:
    row = rows[number]
    fault = dataclasses.replace(template, request=row.subject)
    before = [other for other in rows[: number + 1] if other.container == row.container]
    nth = sum(fault.matches(other.subject) for other in before)
    general = _general(row.subject)
    nth_of_kind = sum(_general(other.subject) == general for other in before)
    return Meeting(
        row.container,
        row.subject,
        row.where,
        dataclasses.replace(fault, number=nth),
        _id(row.container, general, nth_of_kind, template),
    )


def _general(request: str) -> str:
    """A request without the ids of changes and tasks."""
    return _ID.sub('', request)


def _id(container: str, request: str, nth: int, fault: Fault) -> str:
    method, _, path = request.partition(' ')
    parts = [container, method.lower(), *path.removeprefix('/v1/').split('/')]
    if nth > 1:
        parts.append(str(nth))
    return '-'.join([*parts, *fault.label.split(' ')])
