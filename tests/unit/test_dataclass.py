"""The immutable records behave as frozen dataclasses of the standard library do."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import itertools
import pickle
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from scenario_pebble.dataclass import dataclass
from scenario_pebble.frozen import EMPTY, FrozenDict, empty

OPTIONS = [
    dict(zip(('slots', 'kw_only', 'repr', 'eq'), choice, strict=True))
    for choice in itertools.product((False, True), repeat=4)
]


ACTS: list[Callable[[Any], Any]] = [
    lambda kind: repr(kind(name='a', size=2, note='n')).partition(' at 0x')[0],
    lambda kind: dataclasses.asdict(kind(name='a')),
    lambda kind: dataclasses.asdict(dataclasses.replace(kind(name='a', note='n'), name='bc')),
    lambda kind: dataclasses.asdict(kind('a', 2, ['x'])),
    lambda kind: kind('a', 2, ['x'], 'n'),
    lambda kind: kind(),
    lambda kind: kind(name='a', kind='b'),
    lambda kind: setattr(kind(name='a'), 'name', 'b'),
    lambda kind: delattr(kind(name='a'), 'name'),
    lambda kind: kind(name='a') == kind(name='a', note='n'),
    lambda kind: kind(name='a') == kind(name='b'),
    lambda kind: kind(name='a') == 'a',
    lambda kind: kind(name='a').tags is kind(name='a').tags,
    lambda kind: hasattr(kind(name='a'), '__dict__'),
    lambda kind: dataclasses.asdict(copy.copy(kind(name='a', size=2))),
    lambda kind: list(inspect.signature(kind).parameters),
    lambda kind: [p.kind for p in inspect.signature(kind).parameters.values()],
    lambda kind: str(inspect.signature(kind)),
    lambda kind: [getattr(kind.__dataclass_params__, name) for name in ('init', 'repr', 'eq')],
    lambda kind: inspect.get_annotations(kind.__init__),
    lambda kind: kind.__match_args__,
    lambda kind: kind.__doc__,
]


def made_by(decorator: Any, **options: bool) -> Any:
    """A class with every sort of field."""

    @decorator(frozen=True, **options)
    class Thing:
        """For the tests."""

        name: str
        size: int = 1
        tags: list[str] = dataclasses.field(default_factory=list[str])
        note: str = dataclasses.field(default='', compare=False, repr=False, kw_only=True)
        kind: str = dataclasses.field(default='thing', init=False)
        parts: list[str] = dataclasses.field(default_factory=list[str], init=False)
        length: int = dataclasses.field(init=False)

        def __post_init__(self) -> None:
            object.__setattr__(self, 'length', len(self.name))

    return Thing


def outcome(act: Callable[[], Any]) -> Any:
    """What comes of it: the result, or the kind and the text of the error."""
    try:
        return act()
    except (TypeError, AttributeError) as error:
        return type(error), str(error)


@pytest.mark.parametrize('options', OPTIONS, ids=str)
@pytest.mark.parametrize('act', ACTS)
def test_it_does_what_the_standard_decorator_makes(
    options: dict[str, bool], act: Callable[[Any], Any]
):
    standard = made_by(dataclasses.dataclass, **options)

    ours = made_by(dataclass, **options)

    assert outcome(lambda: act(ours)) == outcome(lambda: act(standard))


@dataclass(frozen=True, slots=True)
class Slotted:
    """At the top of a module, so that it can be pickled."""

    name: str
    size: int = 1


@dataclass(frozen=True)
class Empty:
    """Without fields."""


@dataclass(frozen=True)
class Own:
    """Defines what would be added."""

    name: str
    other: str = ''

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Own) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Below(Slotted):
    """Has a base with slots, and a default that is shared."""

    config: FrozenDict[str, str] = dataclasses.field(default_factory=empty)


def test_a_record_with_slots_can_be_pickled():
    thing = Slotted('a', 2)

    assert pickle.loads(pickle.dumps(thing)) == thing


def test_equal_records_have_the_same_hash():
    assert hash(Slotted('a')) == hash(Slotted('a'))
    assert len({Slotted('a'), Slotted('a'), Slotted('b'), Empty(), Empty()}) == 3


def test_what_a_class_defines_itself_stays():
    assert Own('a', 'b') == Own('a', 'c')
    assert hash(Own('a')) == hash('a')
    assert repr(Own('a')) == 'a'


def test_a_record_may_derive_from_one_with_slots():
    below = Below('a')

    assert below.config is EMPTY
    assert dataclasses.asdict(below) == {'name': 'a', 'size': 1, 'config': {}}


def test_a_frozen_dataclass_of_a_user_may_derive_from_a_record():
    @dataclasses.dataclass(frozen=True)
    class Sub(Slotted):
        extra: int = 0

    @dataclass(frozen=True)
    class SubSub(Sub):
        more: int = 0

    assert SubSub('a', 2, 3, 4) == dataclasses.replace(SubSub('a'), size=2, extra=3, more=4)


@dataclass(frozen=True, init=False)
class Constructed:
    """Has a constructor of its own."""

    words: tuple[str, ...] = ()

    def __init__(self, words: Iterable[str] = ()):
        self.__dict__['words'] = tuple(words)


def test_the_own_constructor_of_a_record_completes_a_dataclass_of_a_user():
    @dataclasses.dataclass(frozen=True)
    class Sub(Constructed):
        extra: int = 0

    sub: Any = Sub(['a', 'b'], extra=1)  # type: ignore[arg-type]

    assert (sub.words, sub.extra) == (('a', 'b'), 1)


def test_a_dataclass_that_is_not_frozen_may_not_derive_from_a_record():
    mutable: Any = dataclasses.dataclass
    derived = type('Derived', (Slotted,), {})

    refusal = r'^cannot inherit non-frozen dataclass from a frozen one$'
    with pytest.raises(TypeError, match=refusal):
        mutable(derived)


def test_pytest_shows_which_fields_differ():
    with pytest.raises(AssertionError) as error:
        assert Slotted('same', 1) == Slotted('same', 2)

    assert "Differing attributes:\n  ['size']" in str(error.value)
