"""What a layer and a plan are: immutable records with Pebble's "is set" semantics.

A field that wasn't given holds its Go zero value: ``''``, an empty tuple, or None where Pebble
tells "unset" from an explicit value.  Two services are equal exactly when Go's
``reflect.DeepEqual`` says so, which is what replan asks: ``environment: {}`` differs from none,
``1000ms`` equals ``1s``, an explicit default differs from an implicit one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from ..clock import MILLISECOND_NS, SECOND_NS
from ..dataclass import dataclass
from ..frozen import FrozenDict, empty
from . import plancommand

# Pebble: plan/plan.go
DEFAULT_BACKOFF_DELAY_NS = 500 * MILLISECOND_NS
DEFAULT_BACKOFF_FACTOR = 2.0
DEFAULT_BACKOFF_LIMIT_NS = 30 * SECOND_NS
DEFAULT_CHECK_PERIOD_NS = 10 * SECOND_NS
DEFAULT_CHECK_TIMEOUT_NS = 3 * SECOND_NS
DEFAULT_CHECK_THRESHOLD = 3
# Pebble: servstate/handlers.go
DEFAULT_KILL_DELAY_NS = 5 * SECOND_NS


class FormatError(Exception):
    """A layer or the combined plan is invalid; the API answers 400 with this text."""


class PlanError(Exception):
    """A layer can't be added for another reason; the API answers 500 with this text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One service, in a layer or in the combined plan."""

    name: str
    summary: str = ''
    description: str = ''
    startup: str = ''
    """Pebble doesn't validate it: anything but ``enabled`` counts as disabled."""
    override: str = ''
    command: str = ''
    after: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    workload: str = ''
    environment: FrozenDict[str, str] | None = None
    user_id: int | None = None
    user: str = ''
    group_id: int | None = None
    group: str = ''
    working_dir: str = ''
    on_success: str = ''
    on_failure: str = ''
    on_check_failure: FrozenDict[str, str] | None = None
    explicit_backoff_delay_ns: int | None = None
    explicit_backoff_factor: float | None = None
    explicit_backoff_limit_ns: int | None = None
    explicit_kill_delay_ns: int | None = None
    is_fact: bool = dataclasses.field(default=False, compare=False, repr=False)
    """Described by a State, not sent by the charm: what it leaves out is unspecified, no error."""

    @property
    def enabled(self) -> bool:
        return self.startup == 'enabled'

    @property
    def args(self) -> tuple[str, ...]:
        """Executable and arguments, those inside ``[ … ]`` included; empty if unspecified."""
        base, extra = plancommand.parse(self.command)
        return base + extra

    @property
    def backoff_delay_ns(self) -> int:
        explicit = self.explicit_backoff_delay_ns
        return DEFAULT_BACKOFF_DELAY_NS if explicit is None else explicit

    @property
    def backoff_factor(self) -> float:
        explicit = self.explicit_backoff_factor
        return DEFAULT_BACKOFF_FACTOR if explicit is None else explicit

    @property
    def backoff_limit_ns(self) -> int:
        explicit = self.explicit_backoff_limit_ns
        return DEFAULT_BACKOFF_LIMIT_NS if explicit is None else explicit

    @property
    def kill_delay_ns(self) -> int:
        explicit = self.explicit_kill_delay_ns
        return DEFAULT_KILL_DELAY_NS if explicit is None else explicit


@dataclass(frozen=True, slots=True, kw_only=True)
class HTTPCheck:
    """An http check."""

    url: str = ''
    headers: FrozenDict[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TCPCheck:
    """A tcp check."""

    port: int = 0
    host: str = ''


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecCheck:
    """An exec check."""

    command: str = ''
    service_context: str = ''
    environment: FrozenDict[str, str] | None = None
    user_id: int | None = None
    user: str = ''
    group_id: int | None = None
    group: str = ''
    working_dir: str = ''

    @property
    def args(self) -> tuple[str, ...]:
        """Executable and arguments."""
        return plancommand.split(self.command)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One health check, in a layer or in the combined plan."""

    name: str
    override: str = ''
    level: str = ''
    startup: str = ''
    explicit_period_ns: int | None = None
    explicit_timeout_ns: int | None = None
    threshold: int = 0
    """0: not given. Never 0 in a combined plan."""
    http: HTTPCheck | None = None
    tcp: TCPCheck | None = None
    exec: ExecCheck | None = None
    is_fact: bool = dataclasses.field(default=False, compare=False, repr=False)
    """Described by a State, not sent by the charm: what it leaves out is unspecified, no error."""

    @property
    def period_ns(self) -> int:
        explicit = self.explicit_period_ns
        return DEFAULT_CHECK_PERIOD_NS if explicit is None else explicit

    @property
    def timeout_ns(self) -> int:
        """At most the period."""
        explicit = self.explicit_timeout_ns
        return min(DEFAULT_CHECK_TIMEOUT_NS if explicit is None else explicit, self.period_ns)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogTarget:
    """Where logs are forwarded to. The simulation forwards nothing."""

    name: str
    type: str = ''
    location: str = ''
    services: tuple[str, ...] = ()
    override: str = ''
    labels: FrozenDict[str, str] | None = None
    is_fact: bool = dataclasses.field(default=False, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """A named set of process options that services share."""

    name: str
    override: str = ''
    environment: FrozenDict[str, str] | None = None
    user_id: int | None = None
    user: str = ''
    group_id: int | None = None
    group: str = ''
    is_fact: bool = dataclasses.field(default=False, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One layer, validated on its own (or taken as a fact)."""

    label: str
    summary: str = ''
    description: str = ''
    services: FrozenDict[str, Service] = dataclasses.field(default_factory=empty)
    checks: FrozenDict[str, Check] = dataclasses.field(default_factory=empty)
    log_targets: FrozenDict[str, LogTarget] = dataclasses.field(default_factory=empty)
    workloads: FrozenDict[str, Workload] = dataclasses.field(default_factory=empty)
    pairing: str = ''
    """The pairing mode. The simulation pairs with nobody."""
    source: str | FrozenDict[str, Any] | None = dataclasses.field(default=None, repr=False)
    """The YAML text or the facts that it was made from; None if it combines several labels."""

    def __hash__(self) -> int:
        # Cheap, and different for the many layers of a test suite that have the same label.
        text = self.source if isinstance(self.source, str) else None
        return hash((self.label, text, *self.services, *self.checks))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plan:
    """What all layers combined say.

    Hashed by identity: what is derived from a plan is cached for each plan.
    """

    services: Mapping[str, Service] = dataclasses.field(default_factory=empty)
    checks: Mapping[str, Check] = dataclasses.field(default_factory=empty)
    log_targets: Mapping[str, LogTarget] = dataclasses.field(default_factory=empty)
    workloads: Mapping[str, Workload] = dataclasses.field(default_factory=empty)
    pairing: str = ''


EMPTY_PLAN = Plan()
