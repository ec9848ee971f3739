"""How layers are combined: override, merge, and the defaults that Pebble writes into the plan."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from ..frozen import FrozenDict
from . import plansource, planvalidate
from .gotext import quote
from .plan import (
    DEFAULT_CHECK_THRESHOLD,
    Check,
    FormatError,
    Layer,
    LogTarget,
    Plan,
    Service,
    Workload,
)

_APPENDED = frozenset({'after', 'before', 'requires', 'services'})
_BY_KEY = frozenset({'environment', 'on_check_failure', 'headers', 'labels'})
_KEPT = frozenset({'name', 'override', 'is_fact'})


class _Named(Protocol):
    @property
    def override(self) -> str: ...
    @property
    def is_fact(self) -> bool: ...


_Item = TypeVar('_Item', bound=_Named)
_Record = TypeVar('_Record')


@functools.lru_cache(maxsize=512)
def plan_of(layers: tuple[Layer, ...]) -> Plan:
    """The combined and validated plan.

    Raises:
        FormatError: With Pebble's text.
    """
    layer = combine(layers)
    plan = Plan(
        services=layer.services,
        checks=layer.checks,
        log_targets=layer.log_targets,
        workloads=layer.workloads,
        pairing=layer.pairing,
    )
    for problem in planvalidate.plan_problems(plan):
        raise FormatError(problem)
    return plan


@functools.lru_cache(maxsize=512)
def combine(layers: tuple[Layer, ...]) -> Layer:
    """One layer that says what all of them say, the later ones lying over the earlier ones.

    Raises:
        FormatError: If an ``override`` is missing or wrong.
    """
    # Pebble: plan/plan.go CombineLayers
    services: dict[str, Service] = {}
    checks: dict[str, Check] = {}
    log_targets: dict[str, LogTarget] = {}
    workloads: dict[str, Workload] = {}
    combined = Layer(label='')
    pairing = ''
    for layer in layers:
        label = quote(layer.label)
        _lay_over(workloads, layer.workloads, _workload_override_error)
        _lay_over(services, layer.services, functools.partial(_override_error, label, 'service'))
        _lay_over(checks, layer.checks, functools.partial(_override_error, label, 'check'))
        _lay_over(
            log_targets, layer.log_targets, functools.partial(_override_error, label, 'log target')
        )
        pairing = layer.pairing or pairing
        combined = layer
    return Layer(
        label=combined.label,
        summary=combined.summary,
        description=combined.description,
        services=FrozenDict(services),
        checks=FrozenDict({name: _with_defaults(check) for name, check in checks.items()}),
        log_targets=FrozenDict(log_targets),
        workloads=FrozenDict(workloads),
        pairing=pairing,
    )


@functools.lru_cache(maxsize=512)
def combine_into(below: Layer, layer: Layer) -> Layer:
    """The layer that takes the place of *below*; *below* itself if *layer* says nothing new.

    Raises:
        FormatError: If an ``override`` is missing or wrong.
    """
    combined = combine((below, layer))
    if dataclasses.replace(combined, source=below.source) == below:
        return below
    return dataclasses.replace(combined, source=plansource.combined(below, layer))


def _lay_over(
    below: dict[str, _Item], above: Mapping[str, _Item], error: Callable[[str, str], str]
) -> None:
    for name, item in above.items():
        if item.override == 'merge':
            below[name] = merge(below[name], item) if name in below else item
        elif item.override == 'replace' or (not item.override and item.is_fact):
            below[name] = item
        else:
            raise FormatError(error(name, item.override))


def _override_error(label: str, kind: str, name: str, override: str) -> str:
    if override:
        return f'layer {label} has invalid "override" value for {kind} {quote(name)}'
    return f'layer {label} must define "override" for {kind} {quote(name)}'


def _workload_override_error(name: str, override: str) -> str:
    if override:
        return f'workload {quote(name)}: has an invalid "override" policy: {quote(override)}'
    return f'workload {quote(name)}: must define an "override" policy'


def merge(old: _Record, new: _Record) -> _Record:
    """Merge what is set in *new* into *old*, field by field; the old ``override`` stays."""
    changes: dict[str, Any] = {}
    below: Any = old
    for name in below.__dataclass_fields__:
        value = getattr(new, name)
        if name in _KEPT or not _is_set(name, value):
            continue
        was = getattr(below, name)
        if name in _APPENDED:
            value = was + value
        elif name in _BY_KEY:
            value = FrozenDict({**(was or {}), **value})
        elif dataclasses.is_dataclass(value):
            value = merge(was or type(value)(), value)
        changes[name] = value
    return dataclasses.replace(below, **changes) if changes else old


def _is_set(name: str, value: Any) -> bool:
    """Whether a field of an upper layer has an effect: an empty string or mapping has none."""
    if name in ('port', 'threshold'):
        return value != 0
    return value is not None and value != '' and value != () and value != {}


def _with_defaults(check: Check) -> Check:
    """Write the threshold's default and the timeout's cap into a check, as Pebble does.

    They are there for good: combining into a layer writes them into that layer.
    """
    changes: dict[str, Any] = {}
    if not check.threshold:
        changes['threshold'] = DEFAULT_CHECK_THRESHOLD
    if check.explicit_timeout_ns is not None and check.explicit_timeout_ns > check.period_ns:
        changes['explicit_timeout_ns'] = check.period_ns
    return dataclasses.replace(check, **changes) if changes else check
