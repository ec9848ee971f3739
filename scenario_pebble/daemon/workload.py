"""What the programs in the container do: the interface through which the daemon asks its owner.

The daemon runs nothing for real.  Whenever Pebble would start a process or probe a port, it asks
a `Workload`, and gets plain immutable data back, so that a daemon can be saved in the middle of
anything.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, Protocol

from ..dataclass import dataclass
from ..frozen import EMPTY, empty


class Found(enum.Enum):
    """Whether an executable can be run."""

    YES = 'yes'
    MISSING = 'missing'
    """No such file, or not in $PATH."""
    NOT_EXECUTABLE = 'not-executable'
    """It exists, but is a directory or has no execute permission."""


class Call(NamedTuple):
    """A process that Pebble is about to start."""

    kind: Literal['service', 'exec', 'check']
    name: str
    """The service or check; empty for an exec."""
    command: tuple[str, ...]
    """Executable and arguments."""
    environment: Mapping[str, str] = EMPTY
    """The complete environment."""
    working_dir: str = '/'
    user_id: int | None = None
    """None: the daemon's own."""
    user: str | None = None
    group_id: int | None = None
    group: str | None = None
    number: int = 1
    """1 the first time that this service, check or command is started in this container, then 2
    …"""
    stdin: bytes = b''
    """All that was sent; empty unless `Workload.needs_stdin`."""
    at_ns: int = 0
    """When, in nanoseconds since the epoch."""
    timeout_ns: int | None = None
    combine_stderr: bool = False


@dataclass(frozen=True, slots=True)
class Output:
    """Bytes that a process writes."""

    data: bytes
    stream: Literal['stdout', 'stderr'] = 'stdout'
    after_ns: int = 0
    """Since the process started."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """What a process does on a signal. ``Reaction()`` ignores it."""

    stdout: bytes = b''
    """Written at once."""
    after_ns: int = 0
    """How long it takes until the exit."""
    exit_code: int | None = None
    """None: the process goes on."""


@dataclass(frozen=True, slots=True)
class WriteFile:
    """An effect: the process writes a file (as its own user), creating parent directories."""

    path: str
    data: bytes
    after_ns: int = 0


@dataclass(frozen=True, slots=True)
class RemovePath:
    """An effect: the process removes a file, or a directory with all that is in it."""

    path: str
    after_ns: int = 0


@dataclass(frozen=True, slots=True)
class RecordNotice:
    """An effect: the process records a custom notice, as ``pebble notify`` does."""

    key: str
    data: Mapping[str, str] = dataclasses.field(default_factory=empty)
    repeat_after_ns: int = 0
    after_ns: int = 0


@dataclass(frozen=True, slots=True)
class Listener:
    """A port that a process answers while it runs."""

    port: int
    paths: Mapping[str, int] | None = None
    """HTTP status by URL path; None answers every path with 200."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """What one process does from its start on."""

    exit_after_ns: int | None = None
    """None: it runs until a signal ends it."""
    exit_code: int = 0
    """128 + N if signal N ends it."""
    output: tuple[Output, ...] = ()
    reactions: Mapping[str, Reaction] = dataclasses.field(default_factory=empty)
    """By signal name; a signal that isn't named has its default effect, as in Linux."""
    effects: tuple[WriteFile | RemovePath | RecordNotice, ...] = ()
    listeners: tuple[Listener, ...] = ()
    steady: bool = False
    """Of a check's command: whether it behaves the same whenever and however often it is run,
    until ``Daemon.workload_changed()``.  Runs of a steady check cost nothing.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """An http or tcp check that is about to be performed."""

    check: str
    port: int
    host: str = 'localhost'
    url: str | None = None
    """None: a tcp check."""
    headers: Mapping[str, str] = dataclasses.field(default_factory=empty)
    at_ns: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a probe meets."""

    refused: bool = False
    """Nothing listens."""
    status: int = 200
    """The HTTP status."""
    body: bytes = b''
    location: str | None = None
    """Where a redirecting status points to."""
    delay_ns: int = 0
    """How long the answer takes."""
    steady: bool = False
    """Whether the answer is the same whenever it is asked for, until
    ``Daemon.workload_changed()``.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a check is decided to give, without looking at ports or commands."""

    error: str | None = None
    """None: it passes."""
    until_ns: int | None = None
    """The outcome holds up to this time; None: until the workload is changed."""


class Workload(Protocol):
    """What the owner of a daemon (a test, a recording) says about the programs in the container.

    All methods are pure: equal arguments give equal answers until the owner calls
    ``Daemon.workload_changed()``.
    """

    def find(self, executable: str, call: Call) -> Found:
        """Whether *executable* can be started for this call."""
        ...

    def needs_stdin(self, call: Call) -> bool | Literal['if-sent']:
        """Whether the behaviour depends on all of stdin: then `run` is asked when stdin has ended.

        ``'if-sent'``: nor does it wait for an end that nobody will send, because whoever could
        waits for the command.
        """
        ...

    def run(self, call: Call) -> Behaviour:
        """What the process will do."""
        ...

    def outcome(self, check: str, now_ns: int) -> Outcome | None:
        """What the owner decided for a check, if anything; otherwise it is performed."""
        ...

    def probe(self, probe: Probe, running: Sequence[tuple[str, Behaviour]]) -> Answer:
        """What answers an http or tcp check, given the services that run."""
        ...


class HappyWorkload:
    """The default: everything exists, services run until they are told to stop, checks pass."""

    def find(self, executable: str, call: Call) -> Found:
        return Found.YES

    def needs_stdin(self, call: Call) -> bool | Literal['if-sent']:
        return False

    def run(self, call: Call) -> Behaviour:
        if call.kind == 'service':
            return Behaviour()
        return Behaviour(exit_after_ns=0, steady=True)

    def outcome(self, check: str, now_ns: int) -> Outcome | None:
        return None

    def probe(self, probe: Probe, running: Sequence[tuple[str, Behaviour]]) -> Answer:
        return Answer(steady=True)
