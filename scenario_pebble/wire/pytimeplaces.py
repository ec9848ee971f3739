"""Where the fakes of Python's clocks are put, and how they are put on and off in microseconds.

Loaded modules are searched for clocks once; later only those that are new.  At each run the fakes
go where a clock is found at that time, and not where a test put something of its own; afterwards
what is still a fake gives way to what was there.
"""

from __future__ import annotations

import copyreg
import datetime
import sys
import types
from collections.abc import Iterable, Mapping
from typing import Any

import freezegun.api

from ..clock import Clock
from . import pytimecompiled, pytimefakes, pytimerun
from .pytimefakes import FAKES

_Place = tuple[dict[str, Any], str]
"""The globals of a module, and a name in them."""
_Change = tuple[dict[str, Any], str, Any, Any]
"""A place, what was put there, and what was there before."""

_api: Any = freezegun.api

_VIRTUAL = {id(clock): fake.fake for fake in FAKES for clock in fake}
"""For each clock, real or not, what shows a run's time; the clocks live as long as the process."""
_REAL = {id(clock): fake.real for fake in FAKES for clock in (fake.frozen, fake.fake)}
_FROZEN = {id(fake.fake): fake.frozen for fake in FAKES}

_UNSEARCHED = ('freezegun', 'scenario_pebble.wire')
"""Those who must tell the clocks apart."""


class _Places:
    """Where loaded modules hold clocks."""

    def __init__(self):
        self.charm: list[_Place] = []
        """In modules that show a run's time."""
        self.waiting: list[_Place] = []
        """In modules that keep real time."""
        self._modules: list[types.ModuleType] = []
        self._found: dict[int, list[_Place]] = {}

    @property
    def complete(self) -> bool:
        """Whether no module has come since, unless it took the place of another.

        To look at each of a thousand modules would be a twentieth of an empty run.
        """
        latest = next(reversed(sys.modules.values()))
        return len(sys.modules) == len(self._modules) and latest is self._modules[-1]

    def search(self) -> list[_Place]:
        """Search the modules that are new.

        Returns:
            What was found in them, and perhaps elsewhere.
        """
        modules = [*sys.modules.values()]
        if modules == self._modules:
            return []
        if modules[: len(self._modules)] != self._modules:
            self._forget(modules)
        found = [place for new in modules[len(self._modules) :] for place in self._in(new)]
        self._modules = modules
        for namespace, name in found:
            keeps = _keeps_real(namespace.get('__name__'))
            (self.waiting if keeps else self.charm).append((namespace, name))
        return found

    def _forget(self, modules: list[types.ModuleType]) -> None:
        """Keep only what was found in some modules; it has to be sorted again."""
        loaded = {id(module) for module in modules}
        self._found = {number: found for number, found in self._found.items() if number in loaded}
        self._modules, self.charm, self.waiting = [], [], []

    def _in(self, module: types.ModuleType) -> list[_Place]:
        if id(module) not in self._found:
            self._found[id(module)] = _places_in(module)
        return self._found[id(module)]


def _places_in(module: Any) -> list[_Place]:
    # By its type: what cffi puts among the modules says that its class is that of a module.
    if not issubclass(type(module), types.ModuleType):
        return []
    # Not by way of the module's own class: that may load what is to be loaded late.
    namespace: dict[str, Any] = object.__getattribute__(module, '__dict__')
    if f'{namespace.get("__name__")}.'.startswith(tuple(f'{name}.' for name in _UNSEARCHED)):
        return []
    return [(namespace, name) for name, value in [*namespace.items()] if id(value) in _VIRTUAL]


def _keeps_real(name: Any) -> bool:
    # A function that is given to a thread is called by threading: as a caller it is the charm.
    return name == 'threading' or pytimerun.keeps_real[name]


class _Fakes:
    """The fakes, put on and off."""

    def __init__(self):
        self._places = _Places()
        self._changes: list[_Change] = []
        self._usual: list[_Change] = []
        """What a run changes, if every place holds what it should."""
        self._reducers: dict[type, Any] = {}

    def put_on(self) -> None:
        found = [] if self._places.complete else self._places.search()
        pytimecompiled.let_look()
        self._reducers = _set_reducers(_REDUCERS)
        frozen = len(_api.freeze_factories) > 1  # not by the run alone
        if not found and not frozen and self._put_usual():
            return
        if frozen:
            self._put(self._places.waiting, _REAL)
        self._put(self._places.charm, _VIRTUAL)
        complete = not frozen and len(self._changes) == len(self._places.charm)
        self._usual = list(self._changes) if complete else []

    def put_off(self) -> None:
        for namespace, name, after, before in self._changes:
            if namespace.get(name) is after:
                namespace[name] = before
        _set_reducers(self._reducers)
        self._reducers = {}
        if not self._places.complete:
            self._put(self._places.search(), _FROZEN if _api.freeze_factories else _REAL)
        self._changes.clear()

    def _put(self, places: Iterable[_Place], instead: Mapping[int, Any]) -> None:
        for namespace, name in places:
            before = namespace.get(name)
            after = instead.get(id(before))
            if after is not None:
                namespace[name] = after
                # A test that patched it during an earlier run may have put a fake back since.
                before = _REAL[id(after)] if before is after else before
                self._changes.append((namespace, name, after, before))

    def _put_usual(self) -> bool:
        """Change what runs usually change, if that is what there is to be changed; whether so.

        Looking at each place as if for the first time would be a tenth of an empty run.
        """
        usual = self._usual
        if not usual or len(usual) != len(self._places.charm):
            return False
        for namespace, name, _, before in usual:
            if namespace.get(name) is not before:
                return False
        for namespace, name, after, _ in usual:
            namespace[name] = after
        self._changes = list(usual)
        return True


_fakes = _Fakes()


class Frozen:
    """Python's clocks follow *clock*; a context manager."""

    def __init__(self, clock: Clock):
        self._run = pytimerun.Run(clock)
        self._outer: pytimerun.Run | None = None

    def __enter__(self) -> None:
        _push(self._run)
        self._outer = pytimerun.switch_to(self._run)
        try:
            if self._outer is None:
                _fakes.put_on()
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_: Any) -> None:
        _pull(self._run)
        pytimerun.switch_to(self._outer)
        if self._outer is None:
            _fakes.put_off()


def _push(run: pytimerun.Run) -> None:
    _api.freeze_factories.append(run)
    _api.tz_offsets.append(datetime.timedelta(0))
    _api.ignore_lists.append(())
    _api.tick_flags.append(False)


def _pull(run: pytimerun.Run) -> None:
    if run in _api.freeze_factories:
        depth = _api.freeze_factories.index(run)
        for stack in (_api.freeze_factories, _api.tz_offsets, _api.ignore_lists, _api.tick_flags):
            del stack[depth]


_REDUCERS: dict[type, Any] = {
    _api.real_date: pytimefakes.reduce_date,
    _api.real_datetime: pytimefakes.reduce_datetime,
}


def _set_reducers(reducers: Mapping[type, Any]) -> dict[type, Any]:
    """Tell pickle how to take dates and times apart.

    Returns:
        What it did before.
    """
    table: dict[type, Any] = copyreg.dispatch_table
    before = {kind: table.get(kind) for kind in reducers}
    for kind, reducer in reducers.items():
        if reducer is None:
            table.pop(kind, None)
        else:
            table[kind] = reducer
    return before
