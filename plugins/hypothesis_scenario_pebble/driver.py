"""How does a machine drive a charm, and remember what it did?"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, ClassVar

import ops
from hypothesis import Phase, note, settings
from hypothesis.errors import InvalidDefinition
from hypothesis.stateful import RuleBasedStateMachine
from ops import pebble

import scenario_pebble as scenario
from scenario_pebble import registry, runargs
from scenario_pebble.errors import closest
from scenario_pebble.state.event import Event
from scenario_pebble.state.spec import CharmSpec

from .reproduction import Reproduction
from .source import Writer
from .steps import Call, Change, Failing, Replace, Run, Step
from .texts import Strategy

_SETTINGS: Mapping[str, Any] = {
    'stateful_step_count': 20,
    # One failure at a time: each takes a while to shrink.
    'report_multiple_bugs': False,
    # Before Python 3.12, hypothesis traces each line to explain a failure: 20 times slower.
    'phases': tuple(phase for phase in Phase if phase is not Phase.explain),
}
"""What each machine's ``TestCase.settings`` begin with."""


_latest: list[scenario.Context[Any]] = []
"""The Context of the latest run: the only one that a report should show."""


class Driver(RuleBasedStateMachine):
    """A unit of a charm, and what was done to it."""

    charm: ClassVar[type[ops.CharmBase]]
    """The charm's class; its metadata lies beside it."""

    containers: ClassVar[Iterable[scenario.Container]] = ()
    """What the containers are at first, with their Execs, files and programs; those that aren't
    named are empty."""

    options: ClassVar[Mapping[str, Strategy[Any]]] = {}
    """What users set options to, by option; others get any values of their types."""

    remote_app_data: ClassVar[Mapping[str, Strategy[dict[str, str]]]] = {}
    """What related applications write into their databags, by endpoint."""

    remote_unit_data: ClassVar[Mapping[str, Strategy[dict[str, str]]]] = {}
    """What related units write into their databags, by endpoint."""

    notice_keys: ClassVar[Iterable[str]] = ()
    """The keys of the custom notices that the workload records."""

    without: ClassVar[Collection[str]] = ()
    """What doesn't happen to this charm: names of rules, for example ``['break_program']``."""

    ctx: scenario.Context[Any]
    """The charm's Context; each run of the machine has one of its own."""

    state: scenario.State
    """What the unit is like now."""

    start: scenario.State
    """What it was like at first."""

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        cls.TestCase.settings = settings(cls.TestCase.settings, **_SETTINGS)
        _check_listed(cls, 'without', str)
        _check_listed(cls, 'containers', scenario.Container)
        for name in cls.without:
            if not hasattr(cls, name):
                raise InvalidDefinition(
                    f'cannot do without rule {name!r}: {cls.__name__} has no such rule\n'
                    f'  hint: {closest(name, dir(cls)) or "its rules are its methods"}'
                )
            setattr(cls, name, None)  # where hypothesis looks for rules

    def __init__(self) -> None:
        super().__init__()
        self._around = sys.exc_info()[1]
        for watch in registry.watches:
            for earlier in _latest:
                watch.forget(earlier)
        self.ctx = self.context()
        _latest[:] = [self.ctx]
        self.spec: CharmSpec = self.ctx.prepared.spec
        self.begin(scenario.State())

    @classmethod
    def context(cls) -> scenario.Context[Any]:
        """A new Context for the charm: override it for metadata that isn't in files."""
        if not hasattr(cls, 'charm'):
            raise InvalidDefinition(
                f'cannot run {cls.__name__}: it does not say which charm it is about\n'
                f'  hint: class {cls.__name__}(CharmMachine): charm = MyCharm'
            )
        return scenario.Context(cls.charm)

    def begin(self, state: scenario.State) -> None:
        """From here on, with nothing done yet."""
        self.state = self.start = state
        self._steps: list[Step] = []
        self._expectation: list[str] = []
        self._failed = False

    @classmethod
    def at(cls, ctx: scenario.Context[Any], state: scenario.State) -> Any:
        """A machine that stands at a State, to ask it whether its invariants hold there."""
        machine = cls()
        machine.ctx, machine.state = ctx, state
        return machine

    def may_raise(self, error: scenario.UncaughtCharmError) -> bool:
        """Whether the charm may end a hook with this error, which Juju then runs again.

        By default it must not raise at all.
        """
        return False

    def run(self, event: Event) -> None:
        """Juju sends an event, after what it has to send before."""
        runargs.check_run(event, self.state)
        self.drain()
        self.do(Run(event))
        self.drain()

    def call(self, verb: str, *arguments: Any, **keywords: Any) -> None:
        """Use a verb of the Context, for example ``self.call('advance', 30)``."""
        self.do(Call(verb, arguments, keywords))
        self.drain()

    def replace(self, **fields: Any) -> None:
        """Change fields of the State without an event."""
        self.do(Replace(fields))

    def change(self, verb: str, *arguments: Any, **keywords: Any) -> None:
        """Use a verb of the State, for example ``self.change('with_config', port=80)``."""
        self.do(Change(verb, arguments, keywords))

    def drain(self) -> None:
        """Juju sends what has become due; a hook that failed runs again.

        If it fails again, somebody says ``juju resolved --no-retry``.
        """
        while queue := self.state.queue:
            self.do(Call('advance', (0,)))
            if self.state.queue[:1] == queue[:1]:
                self.replace(queue=queue[1:])

    def do(self, step: Step) -> None:
        """Do one step, and remember it."""
        try:
            self.state = step.apply(self.ctx, self.state)
        except scenario.ActionFailed as failed:
            self.state = failed.state or self.state
            step = Failing(step, scenario.ActionFailed)
        except scenario.UncaughtCharmError as error:
            if not self.may_raise(error):
                self._failed = True
                raise
            self.state = error.state or self.state
            step = Failing(step, scenario.UncaughtCharmError)
        except BaseException:
            self._failed = True
            raise
        finally:
            self._steps.append(step)

    def expect(self, holds: bool, message: str, statement: str) -> None:
        """Fail unless something holds.

        Args:
            holds: Whether it does.
            message: What is wrong otherwise.
            statement: What a test would assert instead, given ``ctx`` and ``state``.
        """
        if not holds:
            self._failed = True
            self._expectation = [statement]
            raise AssertionError(message)

    def teardown(self) -> None:
        """The run is over: show how to reproduce it, if it failed."""
        try:
            if not self.has_failed:
                self.finish()
        finally:
            if self.has_failed:
                note(self.reproduction())
            self.ctx.close()

    def finish(self) -> None:
        """All steps are done, and nothing has failed."""

    @property
    def has_failed(self) -> bool:
        """Whether a step, an expectation or something that a subclass asserts has failed."""
        # hypothesis may run tests while it handles another exception.
        error = sys.exc_info()[1]
        return self._failed or (error is not None and error is not self._around)

    def reproduction(self) -> Reproduction:
        """What a test does that fails in the same way."""
        writer = Writer()
        context = self._context_source(writer)
        expectation = self._expectation or list(self._broken_invariant(writer))
        return Reproduction(
            context, sorted(writer.imports), self.start, tuple(self._steps), expectation
        )

    def _context_source(self, writer: Writer) -> str:
        cls = type(self)
        if cls.context.__func__ is Driver.context.__func__:
            return f'scenario.Context({writer.name(cls.charm)})'
        return f'{writer.name(cls)}.context()'

    def _broken_invariant(self, writer: Writer) -> Iterator[str]:
        """The call of the subclass's method that has failed, if it takes no arguments."""
        error = sys.exc_info()[1]
        frame = error.__traceback__ if error and not self._failed else None
        while frame is not None:
            code, caller = frame.tb_frame.f_code, frame.tb_frame.f_locals.get('self')
            method = getattr(type(self), code.co_name, None)
            if caller is self and code.co_argcount == 1 and method is not None:
                yield f'{writer.name(type(self))}.at(ctx, state).{code.co_name}()'
                return
            frame = frame.tb_next

    # -- what the unit is like

    @property
    def workloads(self) -> list[scenario.Container]:
        """The containers by name."""
        return sorted(self.state.containers, key=lambda container: container.name)

    @property
    def reachable(self) -> list[str]:
        """The containers whose Pebble answers."""
        return [container.name for container in self.workloads if container.can_connect]

    @property
    def running(self) -> list[tuple[str, str]]:
        """The services that run, each with its container."""
        return [
            (container.name, service)
            for container in self.workloads
            for service, status in sorted(container.service_statuses.items())
            if status is pebble.ServiceStatus.ACTIVE
        ]

    @property
    def checks(self) -> list[tuple[str, str]]:
        """The checks of the plans, each with its container."""
        return [
            (container.name, check)
            for container in self.workloads
            for check in sorted(container.plan.checks)
        ]

    @property
    def services(self) -> list[tuple[str, str]]:
        """The services of the plans, each with its container."""
        return [
            (container.name, service)
            for container in self.workloads
            for service in sorted(container.plan.services)
        ]


def _check_listed(machine: type[Driver], name: str, one: type[Any]) -> None:
    """Refuse one thing where several belong: a text would be taken letter by letter."""
    given = getattr(machine, name, ())
    if isinstance(given, one):
        raise InvalidDefinition(
            f'cannot use {given!r} for {machine.__name__}.{name}: it is one {one.__name__}, '
            f'not several\n  hint: {name} = [{given!r}]'
        )
