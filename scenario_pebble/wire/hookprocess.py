"""A hook tool as charm code sees it: a process that `subprocess` started."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from typing import IO, Any, cast

from ..juju import hooktools
from ..juju.ledger import Ledger

_POSITIONAL = ('bufsize', 'executable', 'stdin', 'stdout', 'stderr')


def command_line(args: Any, options: dict[str, Any]) -> list[str] | None:
    """The command line, if it starts a hook tool by its name or by a path to it."""
    if options.get('shell') or not args:
        return None
    argv: list[Any] = [args] if isinstance(args, (str, bytes, os.PathLike)) else list(args)
    if not all(isinstance(arg, (str, bytes, os.PathLike)) for arg in argv):
        return None
    texts = [os.fsdecode(arg) for arg in argv]
    texts[0] = os.path.basename(texts[0])
    return texts if hooktools.is_tool(texts[0]) else None


class HookProcess(subprocess.Popen[Any]):
    """Takes the place of a `subprocess.Popen` whose command is a hook tool.

    The tool runs as soon as its input is complete: at once, or, if the input comes through a pipe,
    when the pipe is closed or somebody waits.
    """

    returncode: int | Any  # None until the tool has run, as in Popen

    def start(
        self, ledger: Ledger, argv: list[str], args: Any, *positional: Any, **options: Any
    ) -> None:
        """What the constructor does."""
        self._ledger, self._argv = ledger, argv
        self._given = {**dict(zip(_POSITIONAL, positional, strict=False)), **options}
        self.args = args
        self.pid = 0
        self.returncode = None
        self.encoding, self.errors = options.get('encoding'), options.get('errors')
        self.text_mode = bool(
            self.encoding
            or self.errors
            or options.get('text')
            or options.get('universal_newlines')
        )
        self._out, self._err = io.BytesIO(), io.BytesIO()
        self._in = _Input()
        self.stdout = self._pipe('stdout', self._out)
        self.stderr = self._pipe('stderr', self._err)
        self.stdin = self._pipe('stdin', self._in)
        if self.stdin is None:
            self._answer(_read(self._given.get('stdin')))

    def _pipe(self, name: str, buffer: io.BytesIO) -> IO[Any] | None:
        if self._given.get(name) != subprocess.PIPE:
            return None
        if not self.text_mode:
            return buffer
        return io.TextIOWrapper(buffer, self.encoding or 'utf-8', self.errors, write_through=True)

    def _answer(self, stdin: bytes | None) -> None:
        text = None if stdin is None else stdin.decode()
        answer = hooktools.call(self._ledger, self._argv, text)
        self.returncode = answer.code
        merged = self._given.get('stderr') == subprocess.STDOUT
        _write(self._out, self._given.get('stdout'), sys.stdout, answer.stdout)
        if merged:
            _write(self._out, self._given.get('stdout'), sys.stdout, answer.stderr)
        else:
            _write(self._err, self._given.get('stderr'), sys.stderr, answer.stderr)
        self._out.seek(0)
        self._err.seek(0)

    def _finish(self) -> int:
        if self.returncode is None:
            self._answer(self._in.content())
        return cast('int', self.returncode)

    def communicate(self, input: Any = None, timeout: float | None = None) -> tuple[Any, Any]:
        """Give the tool its input and take its output."""
        if self.stdin is not None and input:
            self.stdin.write(input)
        self._finish()
        return (
            None if self.stdout is None else self.stdout.read(),
            None if self.stderr is None else self.stderr.read(),
        )

    def wait(self, timeout: float | None = None) -> int:
        """The exit code."""
        return self._finish()

    def poll(self) -> int | None:
        """The exit code, if the tool has had all its input."""
        if self.stdin is not None and self.stdin.closed:
            return self._finish()
        return self.returncode

    def send_signal(self, sig: int) -> None:
        """Nothing: the process is over."""

    def __exit__(self, *exc: Any) -> None:
        self._finish()
        for pipe in (self.stdin, self.stdout, self.stderr):
            if pipe is not None:
                pipe.close()


class _Input(io.BytesIO):
    """What the tool will read; closing keeps it."""

    _content: bytes | None = None

    def close(self) -> None:
        if self._content is None:
            self._content = self.getvalue()
        super().close()

    def content(self) -> bytes:
        """All that was written."""
        return self.getvalue() if self._content is None else self._content


def _read(source: Any) -> bytes | None:
    """All that an input other than a pipe holds."""
    if source is None or source == subprocess.DEVNULL:
        return None
    if isinstance(source, int):
        with open(source, 'rb', closefd=False) as file:
            return file.read()
    content = source.read()
    return content.encode() if isinstance(content, str) else content


def _write(buffer: io.BytesIO, target: Any, default: IO[str], text: str) -> None:
    """Put output where the caller wants it: into a pipe, a file, or where this process writes."""
    if target == subprocess.PIPE:
        buffer.write(text.encode())
    elif target is None:
        default.write(text)
    elif target != subprocess.DEVNULL:
        os.write(target if isinstance(target, int) else target.fileno(), text.encode())
