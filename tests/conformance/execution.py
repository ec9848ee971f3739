"""How is a command's output collected through its websockets?"""

from __future__ import annotations

import json
from typing import Any

import websocket

from scenario_pebble.wire.websocket import WebSocket

from .subject import Subject


class Execution:
    """One exec task's websockets, as a client holds them."""

    def __init__(self, subject: Subject, task: str):
        self._subject = subject
        self._task = task
        self._sockets: dict[str, WebSocket] = {}
        self._errors: dict[str, int] = {}

    def connect(self, names: list[str]) -> None:
        """Connect websockets; those that are refused are remembered with their HTTP status."""
        for name in names:
            connected = self._subject.connect(self._task, name)
            if isinstance(connected, int):
                self._errors[name] = connected
            else:
                self._sockets[name] = connected

    def write(self, text: str, delay: float) -> None:
        """Send stdin and its end."""
        if stdio := self._sockets.get('stdio'):
            self._subject.advance(delay)
            if text:
                stdio.send_binary(text.encode())
            stdio.send('{"command":"end"}')

    def signal(self, name: str, delay: float) -> None:
        """Send a signal after a while."""
        self._subject.advance(delay)
        command = {'command': 'signal', 'signal': {'name': name}}
        self._sockets['control'].send(json.dumps(command))

    def output(self) -> dict[str, Any]:
        """All that was received, as recordings show it."""
        seen: dict[str, Any] = {'websocket-errors': self._errors} if self._errors else {}
        for name in ('stdio', 'stderr'):
            if name in self._sockets:
                seen |= self._received(name)
        return seen

    def _received(self, name: str) -> dict[str, Any]:
        chunks: list[bytes] = []
        try:
            while isinstance(frame := self._sockets[name].recv(), bytes):
                chunks.append(frame)
        except websocket.WebSocketException:
            return {f'{name}-closed': True, name: _text(chunks)}
        return {name: _text(chunks)}  # a text frame says that there is no more


def _text(chunks: list[bytes]) -> str:
    return b''.join(chunks).decode('utf-8', 'replace')
