"""How the immutable records are made: as frozen dataclasses, at a fifth of the usual cost.

``dataclasses.dataclass(frozen=True)`` compiles up to six functions for each class, which would
make up half of what it costs to import this package.  Here only ``__init__`` is compiled; all else
is shared by the classes, or a closure over the names of the fields.  Whoever uses a record finds a
frozen dataclass: ``fields``, ``replace``, ``asdict``, pickling and subclasses work.
"""

from __future__ import annotations

import dataclasses
import inspect
import operator
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

from .frozen import Constant, fill

__all__ = ['dataclass']

Fields = list[dataclasses.Field[Any]]


def _dataclass(
    *,
    frozen: bool,
    init: bool = True,
    repr: bool = True,
    eq: bool = True,
    slots: bool = False,
    kw_only: bool = False,
) -> Callable[[type], type]:
    """Make a class a dataclass; all arguments are as for ``dataclasses.dataclass``.

    A record is always *frozen*, which is spelt out for the reader and for type checkers.
    """

    def decorate(cls: type) -> type:
        made = _with_fields(cls, slots=slots, kw_only=kw_only)
        _describe(made, init=init, repr=repr, eq=eq)
        fields = list(dataclasses.fields(made))
        methods: dict[str, Any] = {'__setattr__': _set_nothing, '__delattr__': _delete_nothing}
        if init:
            methods['__init__'] = _init(made, fields)
        elif '__init__' in vars(made):
            methods[_AFTER] = _construction(made, [f.name for f in fields if f.init])
        if repr:
            methods['__repr__'] = _repr([f.name for f in fields if f.repr])
        if eq:
            methods |= _equality([f.name for f in fields if f.compare])
        if slots:
            methods['__setstate__'] = _set_state
        for name, method in methods.items():
            if vars(made).get(name) is None:  # what the class defines stays
                setattr(made, name, method)
        return made

    return decorate


def _with_fields(cls: type, *, slots: bool, kw_only: bool) -> type:
    """The class as a dataclass that has its fields, and no methods yet."""
    # The standard decorator compiles two methods for a class that is frozen, so it isn't told.
    # Lest it refuse such a class a frozen base, it must not see that either.
    bases = [vars(base).get('__dataclass_params__') for base in cls.__mro__[1:]]
    _mark(bases, frozen=False)
    made = _standard(init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)(cls)
    _mark([*bases, vars(made)['__dataclass_params__']], frozen=True)
    if not slots:
        _forget_defaults(made)
    return made


def _forget_defaults(cls: type) -> None:
    # The constructor and the fields know them.  Python 3.11 takes three times as long to read an
    # attribute where the class has one of that name too.
    for field in dataclasses.fields(cls):
        if field.default is not dataclasses.MISSING and field.name in vars(cls):
            delattr(cls, field.name)


def _mark(all_params: list[Any], *, frozen: bool) -> None:
    for params in filter(None, all_params):
        params.frozen = frozen


def _describe(cls: type, **options: bool) -> None:
    """Let the class say what it was made with, as the standard decorator has made less."""
    for name, value in options.items():
        setattr(vars(cls)['__dataclass_params__'], name, value)


def _construction(cls: type, names: list[str]) -> Any:
    """What the generated constructor of a user's dataclass, derived from this one, ends with: it
    has put the fields there as they were given, and this class's own constructor completes them.
    """
    construct: Any = cls.__init__

    def complete(self: Any) -> None:
        construct(self, **{name: getattr(self, name) for name in names})

    return complete


def _init(cls: type, fields: Fields) -> Any:
    """The constructor, compiled as the names and defaults of the fields make its signature."""
    names: dict[str, Any] = {'_put': object.__setattr__, '_fill': fill, '_missing': _MISSING}
    source = _source(cls, fields, names)
    made: dict[str, Any] = {}
    exec(source, vars(sys.modules[cls.__module__]), made)
    init = made['make'](**names)
    init.__qualname__ = f'{cls.__qualname__}.__init__'
    init.__annotations__ = {f.name: f.type for f in fields if f.init} | {'return': None}
    return init


def _source(cls: type, fields: Fields, names: dict[str, Any]) -> str:
    """The text of a function that makes the constructor, given *names*."""
    spelt = [(field, *_spelt(field, names)) for field in fields]
    simple = [parameter for f, parameter, _ in spelt if f.init and not f.kw_only]
    by_name = [parameter for f, parameter, _ in spelt if f.init and f.kw_only]
    head = ['self', *simple, *(['*', *by_name] if by_name else [])]
    values = {field.name: value for field, _, value in spelt if value}
    slots = [name for name in values if inspect.ismemberdescriptor(getattr(cls, name, None))]
    body = [f'_put(self, {name!r}, {values.pop(name)})' for name in slots]
    if values:
        body.append(f'_fill(self, {", ".join(f"{n}={value}" for n, value in values.items())})')
    if hasattr(cls, _AFTER):
        body.append('self.__post_init__()')
    lines = [
        f'def make({", ".join(names)}):',
        f' def __init__({", ".join(head)}):',
        *(f'  {line}' for line in body or ['pass']),
        ' return __init__',
    ]
    return '\n'.join(lines)


def _spelt(field: dataclasses.Field[Any], names: dict[str, Any]) -> tuple[str, str]:
    """A field as a parameter, and the value it gets; *names* takes what these refer to."""
    name, default, factory = field.name, field.default, field.default_factory
    if isinstance(factory, Constant):
        default = factory.value
    elif factory is not dataclasses.MISSING:
        names[f'_new_{name}'] = factory
        new = f'_new_{name}()'
        return (
            f'{name}=_missing',
            f'{new} if {name} is _missing else {name}' if field.init else new,
        )
    if default is dataclasses.MISSING:
        return name, name if field.init else ''
    names[f'_default_{name}'] = default
    return f'{name}=_default_{name}', name if field.init else f'_default_{name}'


def _repr(names: list[str]) -> Any:
    def as_text(self: Any) -> str:
        shown = ', '.join(f'{name}={getattr(self, name)!r}' for name in names)
        return f'{type(self).__qualname__}({shown})'

    return as_text


def _equality(names: list[str]) -> dict[str, Any]:
    """Equality and hash by the values of the fields of these names."""
    values: Callable[[Any], Any] = operator.attrgetter(*names) if names else _no_values

    def equals(self: Any, other: Any) -> bool:
        if self.__class__ is not other.__class__:
            return NotImplemented
        return values(self) == values(other)

    # pytest tells which fields differ only if the code of the method looks generated.
    equals.__code__ = equals.__code__.replace(co_filename='<string>')

    def hash_of(self: Any) -> int:
        return hash(values(self))

    return {'__eq__': equals, '__hash__': hash_of}


def _no_values(_: Any) -> tuple[()]:
    return ()


def _set_nothing(self: Any, name: str, value: Any) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f'cannot assign to field {name!r}')


def _delete_nothing(self: Any, name: str) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f'cannot delete field {name!r}')


def _set_state(self: Any, state: tuple[Any, dict[str, Any]]) -> None:
    """Unpickle a record with slots."""
    for name, value in state[1].items():
        object.__setattr__(self, name, value)


class _Factory:
    """A default that stands for a new value each time."""

    def __repr__(self) -> str:
        return '<factory>'  # as the standard library shows it in signatures


_AFTER = '__post_init__'
_MISSING = _Factory()
_standard: Callable[..., Callable[[type], type]] = dataclasses.dataclass

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    dataclass = _dataclass
