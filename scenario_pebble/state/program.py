"""What the programs in a container do: commands (`Exec`) and the programs of services (`Program`).

Nothing runs for real.  A test that says nothing gets the happy path: a service's program runs
until it is told to stop.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from ..dataclass import dataclass
from ..frozen import FrozenDict, empty
from .programrules import (
    check_exit_code,
    check_output,
    check_seconds,
    check_signals,
    check_text,
)
from .value import Value


@dataclass(frozen=True, repr=False)
class ExecResult(Value):
    """What a command gives."""

    return_code: int = 0
    """The exit code; 128 + N if signal N ended the command."""
    stdout: str | bytes = ''
    stderr: str | bytes = ''
    duration: float = 0.0
    """How long the command takes, in seconds of virtual time."""

    def __post_init__(self) -> None:
        super().__post_init__()
        check_seconds('ExecResult', 'duration', self.duration)
        if not (self.stdout.isascii() and self.stderr.isascii()):
            check_output('ExecResult', self.stdout, self.stderr)


class ExecCall(Protocol):
    """What the handler of an `Exec` sees of the command that the charm (or an exec check) runs.

    Example::

        def dump(call: ExecCall) -> ExecResult:
            if 'shop' in call.command:
                return ExecResult(stdout='CREATE TABLE orders;', duration=20)
            return ExecResult(1, stderr='no such database')

        Exec(['pg_dump'], handler=dump)
    """

    @property
    def command(self) -> tuple[str, ...]:
        """Executable and arguments."""
        ...

    @property
    def environment(self) -> Mapping[str, str]:
        """The complete environment, with the service context merged in."""
        ...

    @property
    def working_dir(self) -> str: ...
    @property
    def user(self) -> str | None: ...
    @property
    def user_id(self) -> int | None: ...
    @property
    def group(self) -> str | None: ...
    @property
    def group_id(self) -> int | None: ...
    @property
    def timeout(self) -> float | None:
        """In seconds."""
        ...

    @property
    def stdin(self) -> str:
        """All of standard input, decoded as UTF-8."""
        ...

    @property
    def stdin_bytes(self) -> bytes:
        """All of standard input."""
        ...

    @property
    def number(self) -> int:
        """1 the first time that a command with this prefix runs in this container, then 2 …

        Counted over all events of a chain.
        """
        ...

    def path(self, path: str) -> Any:
        """A ``pathlib.Path`` on the container's files, made by pyfakefs; what is written there
        stays.
        """
        ...


ExecHandler = Callable[[ExecCall], 'ExecResult | str | bytes | int | None']
"""Returns an ExecResult, or its stdout, or its return code, or None for success without output.

What it raises is a mistake of the test: a ScenarioRuntimeError, not an error of the charm's.
"""


@dataclass(frozen=True, repr=False)
class Exec(Value):
    """A command that the charm (or an exec check) may run in the container.

    Of several that match, the longest prefix wins; an empty prefix matches every
    ``Container.exec``.

    Example::

        Exec(['pg_dump'], stdout='-- a dump', duration=20)
        Exec(['tr', 'a-z', 'A-Z'], handler=lambda call: call.stdin.upper())
    """

    command_prefix: Sequence[str]
    """The command's first items, compared whole."""
    _: dataclasses.KW_ONLY
    return_code: int = 0
    """The exit code."""
    stdout: str | bytes = ''
    """What the command writes to standard output."""
    stderr: str | bytes = ''
    """What the command writes to standard error."""
    duration: float = 0.0
    """How long the command takes, in seconds of virtual time."""
    handler: ExecHandler | None = None
    """Decides the result from the call; the other fields are not used then."""

    def __post_init__(self) -> None:
        super().__post_init__()
        check_seconds('Exec', 'duration', self.duration)
        if not (self.stdout.isascii() and self.stderr.isascii()):
            check_output('Exec', self.stdout, self.stderr)
        prefix = self.command_prefix
        self.__dict__['command_prefix'] = (prefix,) if isinstance(prefix, str) else tuple(prefix)


@dataclass(frozen=True, repr=False)
class OnSignal(Value):
    """What a program does on a signal. ``OnSignal()`` ignores it.

    Example::

        Program(signals={'SIGHUP': OnSignal(), 'SIGTERM': OnSignal(exit_code=0, after=3)})
    """

    exit_code: int | None = None
    """The exit code; None: the program goes on."""
    after: float = 0.0
    """How long it takes until the exit, in seconds."""
    stdout: str = ''
    """A line that it writes at once."""

    def __post_init__(self) -> None:
        super().__post_init__()
        check_exit_code('OnSignal', self.exit_code)
        check_seconds('OnSignal', 'after', self.after)
        check_text('OnSignal.stdout', self.stdout)


@dataclass(frozen=True, repr=False)
class Program(Value):
    """What the program of a service does from each start on.

    Example::

        Container('db', can_connect=True, programs={
            # crashes at each start
            'mysql': Program(exit_after=0.3, exit_code=1, stderr='no such table'),
            # answers checks while it runs
            'web': Program(ports={8080: {'/health': 200}}),
            # crashes once
            'flaky': Program(runs=[Program(exit_after=0.1, exit_code=1), Program()]),
        })
    """

    _: dataclasses.KW_ONLY
    exit_after: float | None = None
    """Seconds until it exits by itself; None: it runs until it is told to stop."""
    exit_code: int = 0
    """The exit code; 128 + N if signal N ends it."""
    stdout: str = ''
    """What it writes when it starts; in the service's log."""
    stderr: str = ''
    """As *stdout*."""
    signals: Mapping[str, OnSignal] = dataclasses.field(default_factory=empty)
    """By name (``'SIGTERM'``). A signal that isn't named has its default effect."""
    ports: Mapping[int, Mapping[str, int] | None] = dataclasses.field(default_factory=empty)
    """What it answers while it runs: HTTP status by URL path for each port; None: 200 for every
    path.  A port that no program of the container names counts as open."""
    files: Mapping[str, str | bytes] = dataclasses.field(default_factory=empty)
    """What it writes when it starts: content by path."""
    notices: Mapping[str, Mapping[str, str]] = dataclasses.field(default_factory=empty)
    """Custom notices that it records when it starts: data by key."""
    missing: bool = False
    """The executable does not exist."""
    runs: Sequence[Program] = ()
    """The first start does what the first item says, and so on; the last one repeats. The other
    fields are not used then."""

    def __post_init__(self) -> None:
        super().__post_init__()
        check_seconds('Program', 'exit_after', self.exit_after)
        check_exit_code('Program', self.exit_code)
        check_signals(self.signals)
        check_text('Program.stdout', self.stdout)
        check_text('Program.stderr', self.stderr)
        for path, content in self.files.items():
            check_text(f'Program.files[{path!r}]', content, or_bytes=True)
        set_ = self.__dict__.__setitem__
        set_('signals', FrozenDict(self.signals))
        set_(
            'ports',
            FrozenDict({k: v if v is None else FrozenDict(v) for k, v in self.ports.items()}),
        )
        set_('files', FrozenDict(self.files))
        set_('notices', FrozenDict({k: FrozenDict(v) for k, v in self.notices.items()}))
        set_('runs', tuple(self.runs))
