"""What happened and when, over all runs of a Context: a view of its log, as fixed columns of
text.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from typing import overload

from . import columns
from .arguments import checked
from .clock import SECOND_NS
from .errors import closest
from .log import KINDS, Log, Row

CHANGES = ('autostart', 'exec', 'replan', 'restart', 'start', 'stop')
"""The kinds of change that a request can begin."""


class Timeline(Sequence[Row]):
    """The rows of a log, oldest first; printing it gives a line for each.

    Example::

        >>> print(ctx.timeline)
        +0.000s  -   event    db_pebble_ready
        +0.000s  db  request  POST /v1/layers         200
        +0.000s  db  service  mysql                   inactive → active
        +1.000s  db  request  GET /v1/changes/1/wait  200

    Times are in seconds and count from the first row of the log, in a part of it too.  Of a
    request that failed, the line also tells who made it, if there is room.

    What is asked for must be possible, so that ``assert not ctx.timeline.requests('wbe')`` fails
    rather than passes: a container of the charm, a kind that there is.
    """

    def __init__(
        self,
        rows: Sequence[Row],
        dropped: int = 0,
        start_ns: int | None = None,
        containers: Collection[str] = (),
    ):
        self._rows = rows
        self._containers = containers
        self.dropped = dropped
        """How many older rows are no longer kept."""
        first_ns = rows[0].at_ns if rows else 0
        self._start_ns = first_ns if start_ns is None else start_ns

    @classmethod
    def of(cls, log: Log, containers: Collection[str] = ()) -> Timeline:
        """All that a log holds now.

        Args:
            log: The log.
            containers: The names that can be asked for; none: any.
        """
        return cls(tuple(log), log.dropped, log.start_ns, containers)

    @checked
    def at(self, row: Row) -> float:
        """When something happened, in seconds since the first row of the log."""
        return (row.at_ns - self._start_ns) / SECOND_NS

    def _part(self, rows: Sequence[Row]) -> Timeline:
        return Timeline(rows, self.dropped, self._start_ns, self._containers)

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> Timeline: ...
    def __getitem__(self, index: int | slice) -> Row | Timeline:
        if isinstance(index, slice):
            return self._part(self._rows[index])
        return self._rows[index]

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    @checked
    def filter(
        self,
        *,
        container: str | None = None,
        kind: str | None = None,
        subject: str | None = None,
    ) -> Timeline:
        """The rows of one container, kind or subject.

        Args:
            container: The container's name; empty for Juju and the charm itself.
            kind: ``event``, ``status``, ``error``, ``hint``, ``stimulus``, ``kubelet``,
                ``request``, ``wait``, ``fault``, ``service``, ``check``, ``notice``, ``exec`` or
                ``file``.
            subject: The service, check, path, event … that it is about.

        Raises:
            ValueError: If there is no such container or kind.
        """
        if container and self._containers:
            _check_known('container', container, self._containers)
        if kind is not None:
            _check_known('kind', kind, KINDS)
        wanted = [
            row
            for row in self._rows
            if container in (None, row.container)
            and kind in (None, row.kind)
            and subject in (None, row.subject)
        ]
        return self._part(wanted)

    @property
    def last_event(self) -> Timeline:
        """The rows from the latest event on.

        Example::

            ctx.run(ctx.on.config_changed(), state)
            assert not ctx.timeline.last_event.pushed('web', '/etc/app.conf')  # not pushed again
        """
        starts = [number for number, row in enumerate(self._rows) if row.kind == 'event']
        return self._part(self._rows[starts[-1] :] if starts else ())

    def events(self) -> list[str]:
        """The names of the events that were run."""
        return [row.subject for row in self._rows if row.kind == 'event']

    @checked
    def requests(self, container: str, request: str = '') -> Timeline:
        """The requests to Pebble, all or those that begin with *request*.

        Example::

            assert not ctx.timeline.requests('web', 'POST /v1/layers')
        """
        rows = self.filter(container=container, kind='request')
        return self._part([row for row in rows if row.subject.startswith(request)])

    @checked
    def changes(self, container: str, kind: str) -> Timeline:
        """The requests that began a change of that kind.

        Example::

            assert not ctx.timeline.last_event.changes('web', 'replan')

        Args:
            container: The container's name.
            kind: ``start``, ``stop``, ``restart``, ``replan``, ``autostart`` or ``exec``.
        """
        _check_known('kind of change', kind, CHANGES)
        rows = [row for row in self.requests(container) if row.text.endswith(f'({kind})')]
        return self._part(rows)

    @checked
    def services(self, container: str, service: str | None = None) -> list[str]:
        """What happened to the services, or to one: ``inactive → active``, ``SIGHUP`` …

        Example::

            ctx.run(ctx.on.update_status(), state)
            assert 'SIGHUP' not in ctx.timeline.last_event.services('web', 'nginx')
        """
        return [
            row.text for row in self.filter(container=container, kind='service', subject=service)
        ]

    @checked
    def restarted(self, container: str, service: str) -> bool:
        """Whether a service came to run again after it had stopped running."""
        stopped = False
        for text in self.services(container, service):
            before, _, after = text.partition(' → ')
            if stopped and after.startswith('active'):
                return True
            stopped = stopped or before == 'active'
        return False

    @checked
    def pushed(self, container: str, path: str) -> Timeline:
        """The pushes of a file to the container.

        Example::

            ctx.run(ctx.on.pebble_ready(db), state)
            assert len(ctx.timeline.last_event.pushed('db', '/etc/app.conf')) == 1
        """
        rows = self.filter(container=container, kind='file', subject=path)
        return self._part([row for row in rows if row.text.startswith('pushed')])

    def to_json(self) -> str:
        """The rows as a JSON list of objects.

        ``at`` is in seconds since the first row of the log; a request has ``where``, the file and
        line of the charm that made it.
        """
        rows = [
            {
                'at': self.at(row),
                'container': row.container,
                'kind': row.kind,
                'subject': row.subject,
                'text': row.text,
                **({'where': columns.place(row)} if row.caller else {}),
            }
            for row in self._rows
        ]
        return json.dumps(rows, indent=1, ensure_ascii=False)

    def __str__(self) -> str:
        if not self._rows:
            return ''
        lines = list(columns.lines(self._rows, self._start_ns))
        if self.dropped:
            lines.insert(0, f'({self.dropped} older rows dropped)')
        return '\n'.join(lines)


def _check_known(what: str, name: str, known: Collection[str]) -> None:
    if name not in known:
        raise ValueError(
            f'cannot look for {what} {name!r}: there is none\n'
            f'  hint: {closest(name, known) or "one of " + ", ".join(sorted(known))}'
        )
