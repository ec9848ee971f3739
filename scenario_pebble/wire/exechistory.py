"""The commands that the charm ran through ``Container.exec``, as it asked for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..dataclass import dataclass


@dataclass(frozen=True)
class ExecArgs:
    """The arguments of one ``Container.exec``.

    Example::

        timeouts = [args.timeout for args in ctx.exec_history.get('db', [])]
    """

    command: list[str]
    """Executable and arguments."""
    environment: dict[str, str]
    """What was added to the environment."""
    working_dir: str | None
    timeout: float | None
    """In seconds."""
    user_id: int | None
    user: str | None
    group_id: int | None
    group: str | None
    stdin: str | bytes | None
    """What the command was sent; None if nothing was."""
    encoding: str | None
    """None: the streams carry bytes."""
    combine_stderr: bool
    """Whether standard error was merged into standard output."""


class Recorded:
    """One command, whose standard input may not be complete yet.

    Args:
        command: Executable and arguments.
        options: The other arguments of ``Container.exec``.
        sent: What the command is sent; it may still grow.
    """

    def __init__(self, command: list[str], options: Mapping[str, Any], sent: bytearray):
        self.command = list(command)
        self._options = dict(options)
        self._sent = sent

    def arguments(self) -> ExecArgs:
        """The arguments, with what was sent up to now."""
        given = self._options.get
        working_dir = given('working_dir')
        return ExecArgs(
            command=self.command,
            environment=dict(given('environment') or {}),
            working_dir=None if working_dir is None else str(working_dir),
            timeout=given('timeout'),
            user_id=given('user_id'),
            user=given('user'),
            group_id=given('group_id'),
            group=given('group'),
            stdin=self._stdin(),
            encoding=given('encoding', 'utf-8'),
            combine_stderr=bool(given('combine_stderr', False)),
        )

    def _stdin(self) -> str | bytes | None:
        given = self._options.get('stdin')
        if isinstance(given, (str, bytes)):
            return given
        sent = bytes(self._sent)
        if not sent and given is None:
            return None
        encoding = self._options.get('encoding', 'utf-8')
        return sent if encoding is None else sent.decode(encoding)
