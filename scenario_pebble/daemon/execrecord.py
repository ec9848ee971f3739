"""What the daemon knows of a command that it executes, and the streams to who asked for it."""

from __future__ import annotations

import dataclasses
import enum
import json
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, Literal, cast

from ..dataclass import dataclass
from ..frozen import EMPTY, FrozenDict, empty
from .message import Text
from .users import Owner
from .workload import Behaviour

Name = Literal['control', 'stdio', 'stderr']
"""Of a websocket."""

CHUNK = 128 * 1024  # Pebble: wsutil.ReaderToChannel readSize


@dataclass(frozen=True, kw_only=True)
class Execution:
    """A command from its request to its end."""

    task: str
    command: tuple[str, ...]
    line: str
    """The command as a shell would take it."""
    environment: FrozenDict[str, str]
    working_dir: str
    owner: Owner | None
    """None: the daemon's user."""
    timeout_ns: int
    split_stderr: bool
    terminal: bool
    connected: tuple[str, ...] = ()
    """The websockets that were connected, in order."""
    signals: tuple[str, ...] = ()
    """What was sent before the process started."""
    launched_ns: int | None = None
    """When the process started."""
    number: int = 0
    """1 the first time that this command is started in this container."""
    reads_all: bool = False
    """Whether it waits for the end of stdin, however long that takes."""
    stdin: tuple[bytes, ...] = ()
    stdin_ended: bool = False
    began_ns: int = 0
    """What the behaviour's times count from: the start, or when stdin was last written."""
    behaviour: Behaviour | None = None
    """None: not started, or it depends on stdin, which isn't all there yet."""
    written: int = 0
    """How many of the behaviour's outputs were sent."""

    @property
    def names(self) -> tuple[Name, ...]:
        """The websockets that there are."""
        return ('control', 'stdio', 'stderr') if self.split_stderr else ('control', 'stdio')

    @property
    def io_connected(self) -> bool:
        """Whether the process can start: control is optional."""
        return all(name in self.connected for name in self.names[1:])


EXECUTION = Execution(
    task='',
    command=(),
    line='',
    environment=EMPTY,
    working_dir='',
    owner=None,
    timeout_ns=0,
    split_stderr=False,
    terminal=False,
)
"""What others are made of, by `evolve`."""


@dataclass(frozen=True, slots=True)
class SavedExecs:
    """All executions at one moment. Who is connected to them is no part of it."""

    executions: FrozenDict[str, Execution] = dataclasses.field(default_factory=empty)
    """By task."""
    numbers: FrozenDict[str, int] = dataclasses.field(default_factory=empty)
    """How often each command was started."""


class End(enum.Enum):
    """The end of a stream."""

    END = 'end'


END = End.END


class Stream:
    """The daemon's end of one websocket.

    Args:
        name: Which one.
        act: Is told what the other side does: this stream, what, and with which data.
    """

    def __init__(self, name: Name, act: Callable[[Stream, str, bytes], None]):
        self.name: Name = name
        self.closed = False
        """Whether either side has closed it; what was sent before can still be received."""
        self._act = act
        self._frames: deque[bytes | End] = deque()

    # -- what the other side does

    def receive(self) -> bytes | End | None:
        """The next data, the end, or None if there is nothing yet."""
        return self._frames.popleft() if self._frames else None

    def rest(self) -> bytes:
        """All data up to the end, of a command that has ended."""
        frames = iter(self._frames.popleft, END)
        return b''.join(cast('Iterator[bytes]', frames))

    @property
    def waiting(self) -> bool:
        """Whether there is something to receive, or never will be again."""
        return bool(self._frames) or self.closed

    def send(self, data: bytes) -> None:
        """Write to stdin."""
        self._act(self, 'stdin', data)

    def command(self, text: str | bytes) -> None:
        """Send a command: the end of stdin, or a signal. Pebble ignores what it doesn't know."""
        try:
            command: Any = json.loads(text)
        except (ValueError, RecursionError):
            return
        match command:
            case {'command': 'end'} if self.name != 'control':
                self._act(self, 'end', b'')
            case {'command': 'signal', 'signal': {'name': str(name)}} if self.name == 'control':
                self._act(self, 'signal', name.encode(errors='replace'))
            case _:
                pass

    def expect(self) -> None:
        """Say that somebody waits for something to receive."""
        self._act(self, 'wait', b'')

    def close(self, *, orderly: bool = False) -> None:
        """Close the connection, in an orderly way or by dropping it."""
        if not self.closed:
            self.closed = True
            self._act(self, 'leave' if orderly else 'drop', b'')

    # -- what the daemon does

    def put(self, data: bytes) -> None:
        """Send output."""
        if 0 < len(data) <= CHUNK:
            self._frames.append(data)
            return
        self._frames.extend(data[i : i + CHUNK] for i in range(0, len(data), CHUNK))

    def finish(self) -> None:
        """Send the end; close control, which has none."""
        if self.name == 'control':
            self.closed = True
        else:
            self._frames.append(END)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgraded(Text):
    """The answer to a request that became a websocket."""

    stream: Stream
