"""How are values without parts written that JSON has, or nearly: numbers, text, bytes?"""

from __future__ import annotations

import base64
import math
from typing import Any, cast

from .form import Form, Misfit, shown, shown_data


class AsItIs(Form):
    """A type that JSON has too."""

    def __init__(self, kind: Any, wanted: str, example: str):
        self.wanted = wanted
        self.example = example
        self._kind = kind

    def takes(self, value: Any) -> bool:
        # A bool is an int only in Python.
        return isinstance(value, self._kind) and (
            self._kind is bool or not isinstance(value, bool)
        )

    def reads(self, data: Any) -> bool:
        return self.takes(data)

    def _encode(self, value: Any) -> Any:
        return value

    def _decode(self, data: Any) -> Any:
        return self._encode(data)


class Number(AsItIs):
    """A float, for which a test may write an int."""

    def _encode(self, value: Any) -> Any:
        if math.isfinite(value):
            return value
        raise Misfit(f'JSON has no number {value!r}', 'use a finite number')


class Text(AsItIs):
    """A str."""

    def _encode(self, value: Any) -> Any:
        try:
            value.encode()
        except UnicodeEncodeError:
            raise Misfit(
                f'{shown(value)} is not Unicode text', 'leave its lone surrogates out'
            ) from None
        return str.__str__(value)  # of an enum or another subclass: its text


class Word(Text):
    """A subclass of str, for which a test may write a str."""

    def __init__(self, kind: type[str]):
        super().__init__(str, 'text', '"1"')
        self._build = kind

    def _decode(self, data: Any) -> Any:
        return self._build(self._encode(data))


class Bytes(Form):
    """Bytes: as text if they are UTF-8, else as ``{"base64": …}``."""

    wanted = 'bytes, as text or base64'
    example = '{"base64": "AAEC"}'

    def takes(self, value: Any) -> bool:
        return isinstance(value, bytes)

    def reads(self, data: Any) -> bool:
        return isinstance(data, str) or only_key(data) == 'base64'

    def _encode(self, value: bytes) -> str | dict[str, str]:
        try:
            return value.decode()
        except UnicodeDecodeError:
            return {'base64': base64.b64encode(value).decode()}

    def _decode(self, data: str | dict[str, str]) -> bytes:
        if isinstance(data, str):
            return TEXT.decode(data).encode()
        try:
            return base64.b64decode(TEXT.decode(data['base64']), validate=True)
        except ValueError:
            raise Misfit(
                f'{shown_data(data["base64"])} is not base64',
                'write what the command base64 prints, without line breaks',
            ) from None


class BytesBesideText(Bytes):
    """Bytes where text is something else: ``{"utf-8": …}`` or ``{"base64": …}``."""

    wanted = 'bytes'

    def reads(self, data: Any) -> bool:
        return only_key(data) in ('utf-8', 'base64')

    def _encode(self, value: bytes) -> dict[str, str]:
        written = super()._encode(value)
        return {'utf-8': written} if isinstance(written, str) else written

    def _decode(self, data: Any) -> bytes:
        return super()._decode(TEXT.decode(data['utf-8']) if 'utf-8' in data else data)


def only_key(data: Any) -> Any:
    """The key of an object that has one."""
    if isinstance(data, dict):
        keys = list(cast('dict[str, Any]', data))
        return keys[0] if len(keys) == 1 else None
    return None


NOTHING = AsItIs(type(None), 'null', 'null')
FLAG = AsItIs(bool, 'true or false', 'true')
WHOLE = AsItIs(int, 'a whole number', '3')
NUMBER = Number((int, float), 'a number', '0.5')
TEXT = Text(str, 'text', '"abc"')
BYTES = Bytes()
BYTES_BESIDE_TEXT = BytesBesideText()
