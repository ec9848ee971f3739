"""How is plain data of any type written: what StoredState, deferred events and layers hold?

As JSON where JSON has it, else as an object whose one key begins with ``$``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, cast

from ...frozen import FrozenDict, FrozenList
from .collection import step
from .form import Form, Misfit, shown_data, under
from .scalar import BYTES, FLAG, NOTHING, NUMBER, TEXT, WHOLE


class Plain(Form):
    """None, bool, int, float, str, bytes; and tuples, lists, dicts and sets of them."""

    wanted = 'None, a bool, number, text or bytes, or a tuple, list, dict or set of them'
    example = '{}'

    def takes(self, value: Any) -> bool:
        plain = (type(None), bool, int, float, str, bytes, tuple, list, dict, set, frozenset)
        return isinstance(value, plain)

    def reads(self, data: Any) -> bool:
        return data is None or isinstance(data, (bool, int, float, str, list, dict))

    def _encode(self, value: Any) -> Any:
        for form in _SCALARS:
            if form.takes(value):
                return form.encode(value)
        if isinstance(value, bytes):
            return {'$bytes': BYTES.encode(value)}
        if isinstance(value, dict):
            return self._encode_dict(cast('dict[Any, Any]', value))
        if isinstance(value, (set, frozenset)):
            written = [self.encode(item) for item in cast('frozenset[Any]', value)]
            return {'$set': sorted(written, key=_text)}
        items = [under(f'[{i}]', self.encode, item) for i, item in enumerate(value)]
        return {'$tuple': items} if isinstance(value, tuple) else items

    def _encode_dict(self, value: dict[Any, Any]) -> dict[str, Any]:
        entries = [(key, under(f'[{key!r}]', self.encode, value[key])) for key in value]
        if all(isinstance(key, str) and key[:1] != '$' for key in value):
            return {TEXT.encode(key): entry for key, entry in entries}
        return {'$dict': [[self.encode(key), entry] for key, entry in entries]}

    def _decode(self, data: Any) -> Any:
        if isinstance(data, list):
            return FrozenList(self._items(data))
        if not isinstance(data, dict):
            return next(form for form in _SCALARS if form.reads(data)).decode(data)
        entries = cast('dict[str, Any]', data)
        key = next(iter(entries), '')
        if str(key)[:1] == '$':
            return self._decode_tagged(key, entries)
        return FrozenDict(
            {
                under(step(key), TEXT.decode, key): under(step(key), self.decode, entry)
                for key, entry in entries.items()
            }
        )

    def _decode_tagged(self, tag: str, data: dict[str, Any]) -> Any:
        if tag == '$bytes':
            return under(step(tag), BYTES.decode, data[tag])
        build = _BUILDERS.get(tag)
        if build is None or len(data) > 1 or not isinstance(data[tag], list):
            raise Misfit(
                f'{shown_data(data)} is no plain data',
                'objects with "$" are {"$bytes": …}, {"$tuple": […]}, {"$set": […]}, '
                '{"$dict": [[key, value], …]}',
            )
        try:
            return build(under(step(tag), self._items, data[tag]))
        except (TypeError, ValueError):
            raise Misfit(
                f'{shown_data(data)} is no {tag[1:]}', 'give keys and values in pairs'
            ) from None

    def _items(self, data: Any) -> list[Any]:
        return [under(f'[{i}]', self.decode, item) for i, item in enumerate(data)]


def _text(data: Any) -> str:
    return json.dumps(data, sort_keys=True)


_SCALARS = (NOTHING, FLAG, WHOLE, NUMBER, TEXT)
_BUILDERS: dict[str, Callable[[Any], Any]] = {
    '$tuple': tuple,
    '$set': frozenset,
    '$dict': FrozenDict,
}
PLAIN = Plain()
