"""What can be done to a unit, as a value that can be run and written down?"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import scenario_pebble as scenario
from scenario_pebble.state.event import Event

from .source import Writer


class Step(Protocol):
    """One step of a test: from a State to a State."""

    def apply(self, ctx: scenario.Context[Any], state: scenario.State) -> scenario.State:
        """Do it."""
        ...

    def source(self, writer: Writer) -> Iterator[str]:
        """The statements that do it to ``state``, on one line each."""
        ...


@dataclasses.dataclass(frozen=True)
class Run:
    """Juju sends an event."""

    event: Event

    def apply(self, ctx: scenario.Context[Any], state: scenario.State) -> scenario.State:
        """Run the event on what it is about as that is in the State."""
        return ctx.run(current(self.event, state), state)

    def source(self, writer: Writer) -> Iterator[str]:
        """The call of ``ctx.run``."""
        yield f'state = ctx.run({_event(self.event, writer)}, state)'


@dataclasses.dataclass(frozen=True)
class Call:
    """A verb of the Context which takes a State and gives one, for example ``crash_service``."""

    verb: str
    arguments: tuple[Any, ...] = ()
    keywords: Mapping[str, Any] = dataclasses.field(default_factory=dict[str, Any])

    def apply(self, ctx: scenario.Context[Any], state: scenario.State) -> scenario.State:
        """Call the Context's method."""
        return getattr(ctx, self.verb)(state, *self.arguments, **self.keywords)

    def source(self, writer: Writer) -> Iterator[str]:
        """The call of the Context's method."""
        arguments = writer.call('', *self.arguments, **self.keywords)[1:]
        separator = '' if arguments == ')' else ', '
        yield f'state = ctx.{self.verb}(state{separator}{arguments}'


@dataclasses.dataclass(frozen=True)
class Change:
    """A verb of the State which gives another one, for example ``with_container``."""

    verb: str
    arguments: tuple[Any, ...] = ()
    keywords: Mapping[str, Any] = dataclasses.field(default_factory=dict[str, Any])

    def apply(self, ctx: scenario.Context[Any], state: scenario.State) -> scenario.State:
        """Call the State's method."""
        return getattr(state, self.verb)(*self.arguments, **self.keywords)

    def source(self, writer: Writer) -> Iterator[str]:
        """The call of the State's method."""
        call = writer.call(f'state.{self.verb}', *self.arguments, **self.keywords)
        yield f'state = {call}'


@dataclasses.dataclass(frozen=True)
class Replace:
    """Fields of the State change, without an event."""

    fields: Mapping[str, Any]

    def apply(self, ctx: scenario.Context[Any], state: scenario.State) -> scenario.State:
        """The State with the new values."""
        return dataclasses.replace(state, **self.fields)

    def source(self, writer: Writer) -> Iterator[str]:
        """The call of ``dataclasses.replace``."""
        writer.imports.add('import dataclasses')
        fields = writer.call('', **self.fields)[1:]
        yield f'state = dataclasses.replace(state, {fields}'


@dataclasses.dataclass(frozen=True)
class Failing:
    """A step that fails as it may: an action, or a hook that the charm may end with an error."""

    step: Step
    error: type[scenario.ActionFailed] | type[scenario.UncaughtCharmError]

    def apply(self, ctx: scenario.Context[Any], state: scenario.State) -> scenario.State:
        """The State that the failure leaves."""
        try:
            return self.step.apply(ctx, state)
        except self.error as failed:
            return failed.state or state

    def source(self, writer: Writer) -> Iterator[str]:
        """The step in a ``with pytest.raises`` block."""
        writer.imports.add('import pytest')
        yield f'with pytest.raises(scenario.{self.error.__name__}) as failed:'
        for statement in self.step.source(writer):
            yield f'    {statement}'
        yield 'state = failed.value.state'


def current(event: Event, state: scenario.State) -> Event:
    """The event about what its relation, container, storage or secret is in a State."""
    queued = scenario.QueuedEvent.of(event)
    return event if queued is None else queued.on(state) or event


def _event(event: Event, writer: Writer) -> str:
    if event.action is not None:
        params = [event.action.params] if event.action.params else []
        return writer.call('ctx.on.action', event.action.name, *params)
    about = ', '.join(_about(event, writer))
    return f'ctx.on.{event.suffix}({about})'


def _about(event: Event, writer: Writer) -> Iterator[str]:
    """The arguments of the event: as the State in the variable ``state`` has them."""
    if event.container is not None:
        container = f'state.get_container({event.container.name!r})'
        yield container
        if event.notice is not None:
            yield writer.write(event.notice)
        if event.check_info is not None:
            yield f'{container}.get_check_info({event.check_info.name!r})'
    if event.relation is not None:
        yield f'state.get_relation({event.relation.id})'
    if event.storage is not None:
        yield f'state.get_storage({event.storage.name!r}, index={event.storage.index})'
    if event.secret is not None:
        yield f'state.get_secret(id={str(event.secret.id)!r})'
    if event.remote_unit is not None:
        yield f'remote_unit={event.remote_unit}'
    if event.departing_unit is not None:
        yield f'departing_unit={event.departing_unit}'
    if event.secret_revision is not None:
        yield f'revision={event.secret_revision}'
