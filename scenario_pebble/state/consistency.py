"""Whether an event, a State and a charm can occur together in Juju."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from typing import Any

from ops.jujuversion import JujuVersion

from ..errors import InconsistentScenarioError
from . import doubts, eventrules, staterules
from .event import Event
from .problem import Problem, report
from .spec import CharmSpec
from .state import State
from .staterules import Setting

logger = logging.getLogger('scenario_pebble')

_MOST_REMEMBERED = 1_000


def check(
    event: Event,
    state: State,
    spec: CharmSpec,
    *,
    juju_version: str,
    unit_id: int = 0,
    by_juju: bool = False,
) -> None:
    """Check all rules, and log what is possible but doubtful.

    A part of the State that kept the rules is remembered with the charm and not checked again.
    Setting ``SCENARIO_SKIP_CONSISTENCY_CHECKS`` skips everything.

    Args:
        event: What is to be run.
        state: What it is to be run on.
        spec: What the charm declares.
        juju_version: The version that Juju pretends to be.
        unit_id: The number of the unit under test.
        by_juju: Whether Juju sends the event by itself: it may be about what is gone by now, for
            example a check that was removed while it was down.

    Raises:
        InconsistentScenarioError: With all problems at once.
    """
    if os.environ.get('SCENARIO_SKIP_CONSISTENCY_CHECKS'):
        return
    checker = spec.remembered.get((juju_version, unit_id))
    if checker is None:
        checker = _Checker(Setting(spec, JujuVersion(juju_version), unit_id))
        spec.remembered[juju_version, unit_id] = checker
    checker.check(event, state, by_juju=by_juju)


class _Checker:
    """The rules with their memory."""

    def __init__(self, setting: Setting):
        self._setting = setting
        self._of_charm = [p for rule in staterules.CHARM_RULES for p in rule(setting)]
        # By field: the values that kept the rules, by identity.
        self._fine: dict[str, dict[int, Any]] = {field: {} for field in staterules.RULES}

    def check(self, event: Event, state: State, *, by_juju: bool) -> None:
        problems = self._problems_of_state(state)
        for rule in () if by_juju else eventrules.RULES.get(event.kind, ()):
            problems.extend(rule(event, state, self._setting))
        if problems:
            raise InconsistentScenarioError(report(event.name, problems))
        if not by_juju:
            _warn(doubts.of_event(event, state, self._setting.spec))

    def _problems_of_state(self, state: State) -> list[Problem]:
        problems = self._of_charm.copy()
        values = state.__dict__
        for field, fine in self._fine.items():
            value = values[field]
            if fine.get(id(value)) is value:
                continue
            found = [p for rule in staterules.RULES[field] for p in rule(value, self._setting)]
            problems.extend(sorted(found))  # sets have no order
            if not found:
                if field == 'containers':
                    _warn(doubts.of_containers(value))
                if len(fine) >= _MOST_REMEMBERED:
                    fine.clear()
                fine[id(value)] = value
        return problems


def _warn(doubted: Iterable[str]) -> None:
    for doubt in doubted:
        logger.warning('%s', doubt)
