"""How are values with parts written: lists, sets, mappings, and values of one type or another?"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any, cast

from ...frozen import FrozenDict
from ..identity import identity
from .form import Form, Misfit, shown_data, under

_WHOLE = re.compile(r'-?\d+')


class Items(Form):
    """A list or tuple whose items are of one type."""

    wanted = 'a list'
    example = '[]'

    def __init__(self, item: Form, build: Callable[[list[Any]], Any]):
        self._item = item
        self._build = build

    def takes(self, value: Any) -> bool:
        return isinstance(value, (list, tuple))

    def reads(self, data: Any) -> bool:
        return isinstance(data, list)

    def _encode(self, value: Any) -> list[Any]:
        return [under(f'[{i}]', self._item.encode, item) for i, item in enumerate(value)]

    def _decode(self, data: Any) -> Any:
        items = [under(f'[{i}]', self._item.decode, item) for i, item in enumerate(data)]
        return self._build(items)


class Members(Items):
    """A frozenset, written as a list sorted by what tells its members apart."""

    def __init__(self, item: Form):
        super().__init__(item, frozenset)

    def takes(self, value: Any) -> bool:
        return isinstance(value, frozenset)

    def _encode(self, value: Any) -> list[Any]:
        named = [(identity(member), member) for member in value]
        written = [(name, under(f'[{name!r}]', self._item.encode, m)) for name, m in named]
        # The text decides between members of one name: two containers, say, which Juju can't have.
        return [data for _, data in sorted(written, key=_by_name_and_text)]


def _by_name_and_text(pair: tuple[Any, Any]) -> tuple[Any, str]:
    return pair[0], json.dumps(pair[1], sort_keys=True)


class Fields(Form):
    """A tuple with a type for each of its items."""

    example = '[]'

    def __init__(self, items: Sequence[Form]):
        self._items = items
        self.wanted = f'a list of {len(items)}'

    def takes(self, value: Any) -> bool:
        return isinstance(value, tuple) and len(cast('Any', value)) == len(self._items)

    def reads(self, data: Any) -> bool:
        return isinstance(data, list) and len(cast('Any', data)) == len(self._items)

    def _encode(self, value: Any) -> list[Any]:
        return [
            under(f'[{i}]', form.encode, item)
            for i, (form, item) in enumerate(zip(self._items, value, strict=True))
        ]

    def _decode(self, data: Any) -> tuple[Any, ...]:
        return tuple(
            under(f'[{i}]', form.decode, item)
            for i, (form, item) in enumerate(zip(self._items, data, strict=True))
        )


class Entries(Form):
    """A mapping: an object.

    Args:
        key: How keys are written: as text, or whole numbers as their digits.
        entry: How values are written.
        build: Makes the mapping.
    """

    wanted = 'an object'
    example = '{}'

    def __init__(self, key: Form, entry: Form, build: Callable[[dict[Any, Any]], Any]):
        self._key = key
        self._entry = entry
        self._build = build

    def takes(self, value: Any) -> bool:
        return isinstance(value, dict)

    def reads(self, data: Any) -> bool:
        return isinstance(data, dict)

    def _encode(self, value: Any) -> Any:
        return {
            under(f'[{key!r}]', self._written_key, key): under(
                f'[{key!r}]', self._entry.encode, value[key]
            )
            for key in value
        }

    def _decode(self, data: Any) -> Any:
        return self._build(
            {
                under(step(key), self._read_key, key): under(step(key), self._entry.decode, entry)
                for key, entry in data.items()
            }
        )

    def leaves_out(self, value: Any, default: Any) -> bool:
        return value == default  # a dict may stand for a FrozenDict

    def _written_key(self, key: Any) -> str:
        return str(self._key.encode(key))

    def _read_key(self, key: Any) -> Any:
        if self._key.takes(''):
            return self._key.decode(key)
        # YAML may have a number here.
        return self._key.decode(int(key) if _WHOLE.fullmatch(str(key)) else key)


class OrderedEntries(Entries):
    """A mapping of the daemon, whose order counts: a list of pairs unless it is sorted."""

    wanted = 'an object, or a list of pairs'

    def __init__(self, key: Form, entry: Form):
        super().__init__(key, entry, FrozenDict)
        self._pairs = Items(Fields((key, entry)), lambda pairs: FrozenDict(pairs))

    def reads(self, data: Any) -> bool:
        return isinstance(data, (dict, list))

    def _encode(self, value: Any) -> Any:
        written = super()._encode(value)
        if list(written) == sorted(written):
            return written
        return self._pairs.encode(list(value.items()))

    def _decode(self, data: Any) -> Any:
        return super()._decode(data) if isinstance(data, dict) else self._pairs.decode(data)


class Choice(Form):
    """A value of one of several types whose data differ."""

    def __init__(self, forms: Sequence[Form]):
        self._forms = forms
        self.wanted = ' or '.join(dict.fromkeys(form.wanted for form in forms))
        self.example = forms[0].example

    def takes(self, value: Any) -> bool:
        return any(form.takes(value) for form in self._forms)

    def reads(self, data: Any) -> bool:
        return any(form.reads(data) for form in self._forms)

    def _encode(self, value: Any) -> Any:
        return next(form for form in self._forms if form.takes(value)).encode(value)

    def _decode(self, data: Any) -> Any:
        return next(form for form in self._forms if form.reads(data)).decode(data)

    def leaves_out(self, value: Any, default: Any) -> bool:
        return any(form.takes(value) and form.leaves_out(value, default) for form in self._forms)


class Kinds(Form):
    """A value of one of several classes, told apart by the key ``kind``.

    Args:
        forms: By kind.
        usual: The kind of those without the key.
    """

    def __init__(self, forms: dict[str, Form], usual: str | None = None):
        self._forms = forms
        self._usual = usual
        self.wanted = 'an object of kind ' + ' or '.join(forms)
        self.example = f'{{"kind": "{next(iter(forms))}"}}'

    def takes(self, value: Any) -> bool:
        return any(form.takes(value) for form in self._forms.values())

    def reads(self, data: Any) -> bool:
        return isinstance(data, dict)

    def _encode(self, value: Any) -> dict[str, Any]:
        for kind, form in self._forms.items():
            if form.takes(value):
                written = form.encode(value)
                return written if kind == self._usual else {'kind': kind, **written}
        raise AssertionError(value)

    def _decode(self, data: dict[str, Any]) -> Any:
        kind = data.get('kind', self._usual)
        form = self._forms.get(kind) if isinstance(kind, str) else None
        if form is None:
            raise Misfit(
                f'{shown_data(data)} is not {self.wanted}', f'write for example {self.example}'
            )
        return form.decode({key: entry for key, entry in data.items() if key != 'kind'})


def step(key: Any) -> str:
    """How a path into JSON goes on to an entry."""
    return f'.{key}' if isinstance(key, str) and key.isidentifier() else f'[{key!r}]'
