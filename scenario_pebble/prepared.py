"""A charm as runs use it: its class with events of its own, and its metadata as ops sees it."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping
from typing import Any, cast

import ops

from .dataclass import dataclass
from .frozen import freeze, thaw
from .juju import metadata
from .state.spec import CharmSpec


@dataclass(frozen=True, eq=False)
class Prepared:
    """What all runs of all Contexts with one charm and one metadata share."""

    spec: CharmSpec
    """What the charm declares, with the memory of the checks against it."""
    charm_class: type[ops.CharmBase]
    defined: set[str]
    """The events that the charm has defined in this run; emptied when a run starts."""

    @functools.cached_property
    def charm_meta(self) -> ops.CharmMeta:
        """What ops makes of the metadata: at the first run, as ops wants more of it than a State.

        The names in it are in alphabetical order, as in ops.testing, where charms that list them
        in a message have been tested.

        Raises:
            ContextSetupError: If ops can't read it.
        """
        spec = self.spec
        try:
            return _read(spec.meta, spec.actions, spec.config)
        except Exception as e:
            raise metadata.refusal(spec, _read, e) from e


def _read(meta: Any, actions: Any, config: Any) -> ops.CharmMeta:
    return ops.CharmMeta(_sorted(meta), _sorted(actions), _sorted(config))


def _sorted(value: Any) -> Any:
    """The changeable form of frozen data, with the keys of all mappings in order."""
    if isinstance(value, Mapping):
        items = cast('Mapping[str, Any]', value).items()
        return {key: _sorted(item) for key, item in sorted(items, key=lambda item: str(item[0]))}
    if isinstance(value, list):
        return [_sorted(item) for item in cast('list[Any]', value)]
    return value


# A test suite makes a Context for each test, mostly of the same charm.
_known: dict[type[Any], list[tuple[tuple[Any, ...], Prepared]]] = {}
_MOST_KNOWN = 100


def prepare(spec: CharmSpec) -> Prepared:
    """The charm of a spec, made once for equal metadata.

    Raises:
        ContextSetupError: If the metadata has something else where a mapping belongs.
    """
    key = (spec.meta, spec.actions, spec.config)
    if len(_known) >= _MOST_KNOWN and spec.charm_type not in _known:
        _known.clear()  # charms that tests define for themselves
    candidates = _known.setdefault(spec.charm_type, [])
    for known, prepared in candidates:
        if known == key:
            return prepared
    metadata.check_shape(spec)
    charm_class, defined = _with_own_events(spec.charm_type)
    prepared = Prepared(spec, charm_class, defined)
    candidates.append((key, prepared))
    return prepared


def lend(spec: CharmSpec) -> CharmSpec:
    """A copy of a spec that a test may change."""
    return dataclasses.replace(
        spec, meta=thaw(spec.meta), actions=thaw(spec.actions), config=thaw(spec.config)
    )


def take_back(lent: CharmSpec, prepared: Prepared) -> Prepared:
    """The charm of a spec that was lent: *prepared*, unless the test has changed the spec."""
    spec = prepared.spec
    if (lent.meta, lent.actions, lent.config) == (spec.meta, spec.actions, spec.config):
        return prepared
    return prepare(
        dataclasses.replace(
            spec, meta=freeze(lent.meta), actions=freeze(lent.actions), config=freeze(lent.config)
        )
    )


def _with_own_events(charm_type: type[ops.CharmBase]) -> tuple[type[ops.CharmBase], set[str]]:
    """The charm with a private ``on``, whose events may be defined again by each run.

    CharmBase defines the events of containers, relations … on the class of ``on`` whenever a
    charm is constructed.
    """
    defined: set[str] = set()

    class Events(type(charm_type.on)):
        @classmethod
        def define_event(cls, event_kind: str, event_type: type[ops.EventBase]) -> None:
            if event_kind in defined or event_kind not in cls.__dict__:
                super().define_event(event_kind, event_type)
            defined.add(event_kind)

    Events.__name__ = Events.__qualname__ = type(charm_type.on).__name__
    own = type(charm_type.__name__, (charm_type,), {'on': Events(), '__doc__': charm_type.__doc__})
    own.__module__ = charm_type.__module__
    own.__qualname__ = charm_type.__qualname__
    return own, defined
