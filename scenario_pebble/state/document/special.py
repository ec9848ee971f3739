"""How is that written which isn't one key per field: statuses, containers, runtimes?"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ...dataclass import dataclass
from ...frozen import evolve
from ..container import Container
from ..status import BY_NAME, EntityStatus
from .files import Overlay, OverlayForm
from .form import under
from .overlay import lay_over
from .record import ABSENT, Part, Record
from .scalar import TEXT
from .spelt import OneOf


class StatusRecord(Record):
    """A status: Juju's name for it, and the message."""

    def __init__(self) -> None:
        name = OneOf.of_literals(('unknown', *BY_NAME))
        parts = {'name': Part(name), 'message': Part(TEXT, '')}
        super().__init__(EntityStatus, lambda: parts)

    def takes(self, value: Any) -> bool:
        return isinstance(value, EntityStatus)

    def _build(self, values: dict[str, Any]) -> EntityStatus:
        return EntityStatus.from_status_name(**values)


@dataclass(frozen=True, repr=False)
class Remembered:
    """A runtime, and the container that has it."""

    container: Container
    runtime: Any

    def __repr__(self) -> str:
        return repr(self.runtime)


class RuntimeRecord(Record):
    """A runtime, less the public values that are still those of its container.

    Read as its fields.
    """

    def __init__(self, kind: type[Any], parts: Callable[[], Mapping[str, Part]]):
        super().__init__(kind, lambda: _optional(parts()))

    def takes(self, value: Any) -> bool:
        return isinstance(value, Remembered) and type(value.runtime) is self._kind

    def _values(self, value: Remembered) -> dict[str, Any]:
        values = super()._values(value.runtime)
        for name in _PUBLIC & values.keys():
            if values[name] == getattr(value.container, name):
                values[name] = ABSENT
        return values

    def _build(self, values: dict[str, Any]) -> dict[str, Any]:
        return values

    def completed(self, values: Mapping[str, Any], container: Container) -> Any:
        """The runtime of a container, given what was read."""
        public = {name: getattr(container, name) for name in self._parts if name in _PUBLIC}
        return self._kind(**{**public, **values})


_PUBLIC = frozenset(field.name for field in dataclasses.fields(Container))


def _optional(parts: Mapping[str, Part]) -> dict[str, Part]:
    return {
        name: Part(part.form, optional=True) if name in _PUBLIC else part
        for name, part in parts.items()
    }


class ContainerRecord(Record):
    """A container, with its files as what lies over its image."""

    def __init__(self, parts: Callable[[], Mapping[str, Part]], runtime: RuntimeRecord):
        self._runtime = runtime
        own = {'files': Part(OverlayForm(), None), 'runtime': Part(runtime, None)}
        super().__init__(Container, lambda: {**parts(), **own})

    def _values(self, value: Container) -> dict[str, Any]:
        values = super()._values(value)
        image: Any = value.image
        files: Any = value.files
        values['files'] = Overlay(image, files)
        runtime = value.runtime
        values['runtime'] = ABSENT if runtime is None else Remembered(value, runtime)
        return values

    def _build(self, values: dict[str, Any]) -> Container:
        runtime = values.pop('runtime', None)
        over = values.pop('files', None)
        container = Container(**values)
        image: Any = container.image
        if over:
            container = evolve(container, files=under('.files', partial(lay_over, image), over))
        if runtime:
            runtime = self._runtime.completed(runtime, container)
            container = evolve(container, runtime=runtime)
        return container
