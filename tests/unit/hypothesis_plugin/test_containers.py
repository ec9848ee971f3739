from __future__ import annotations

from hypothesis import given, strategies as st
from hypothesis_scenario_pebble import check_infos, containers, execs, files, notices, programs
from ops import pebble

import scenario_pebble as scenario

from .shrinking import least, quickly


@quickly
@given(check_infos())
def test_a_check_is_down_exactly_if_its_failures_reach_the_threshold(info: scenario.CheckInfo):
    down = info.status is pebble.CheckStatus.DOWN

    assert down == (info.failures >= info.threshold)
    assert info.status is not pebble.CheckStatus.INACTIVE or not info.successes


@quickly
@given(containers('web'))
def test_a_container_says_of_services_and_checks_only_what_its_plan_has(
    container: scenario.Container,
):
    plan = container.plan

    assert {*container.service_statuses, *container.programs} <= {*plan.services}
    assert {*container.outcomes} <= {*plan.checks}
    for info in container.check_infos:
        assert info.threshold == (plan.checks[info.name].threshold or 3)


@quickly
@given(containers('web'))
def test_a_containers_notices_and_execs_are_different_ones(container: scenario.Container):
    ids = [notice.id for notice in container.notices]
    prefixes = [tuple(command.command_prefix) for command in container.execs]

    assert len(ids) == len(set(ids))
    assert len(prefixes) == len(set(prefixes))


def test_everything_in_a_container_shrinks_away():
    assert least(containers('web')) == scenario.Container('web')


def test_a_container_takes_its_fields_from_where_it_is_told():
    running = containers('web', can_connect=st.just(True), files=st.just({'/a': 'b'}))

    assert least(running) == scenario.Container('web', can_connect=True, files={'/a': 'b'})


def test_parts_shrink_to_their_defaults():
    assert least(files()) == scenario.FileTree()
    assert least(programs()) == scenario.Program()
    assert least(execs(['ls'])) == scenario.Exec(['ls'])
    assert least(notices()) == scenario.Notice('a.io/0')
