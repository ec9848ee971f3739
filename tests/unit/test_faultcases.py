"""The cases of a sweep by themselves."""

from __future__ import annotations

import scenario_pebble as scenario
from tests.unit.sweptcharms import META, Base, Guarded, swept


def test_cases_have_readable_names_and_run_by_themselves():
    ctx = scenario.Context(Guarded, meta=META)
    state = scenario.State(containers={scenario.Container('web', can_connect=True)})

    cases = ctx.fault_cases(ctx.on.config_changed(), state)

    assert [case.id for case in cases] == [
        'web-get-system-info-connection-refused-before',
        'web-post-layers-connection-refused-before',
        'web-post-services-connection-refused-before',
        'web-post-services-change-error-before',
        'web-post-services-change-error-after',
        'web-get-changes-wait-connection-refused-before',
    ]
    assert [case.run() for case in reversed(cases)] == list(reversed(swept(Guarded)))


def test_a_repeated_request_has_its_number_in_the_name():
    class Twice(Base):
        def apply(self) -> None:
            self.container.push('/1', '')
            self.container.push('/2', '')

    ctx = scenario.Context(Twice, meta=META)
    state = scenario.State(containers={scenario.Container('web', can_connect=True)})

    cases = ctx.fault_cases(ctx.on.config_changed(), state)

    assert [case.id for case in cases] == [
        'web-post-files-connection-refused-before',
        'web-post-files-2-connection-refused-before',
    ]


def test_a_case_that_has_nothing_to_fail_is_missed():
    class Idle(Base):
        def apply(self) -> None:
            self.container.replan()

    ctx = scenario.Context(Idle, meta=META)
    state = scenario.State(containers={scenario.Container('web', can_connect=True)})

    (before, _) = ctx.fault_cases(ctx.on.config_changed(), state, ['change-error'])

    assert before.run().verdict == 'missed'
    assert list(ctx.sweep(ctx.on.config_changed(), state, ['change-error'])) == []


def test_a_single_kind_needs_no_list():
    ctx = scenario.Context(Guarded, meta=META)
    state = scenario.State(containers={scenario.Container('web', can_connect=True)})

    cases = ctx.fault_cases(ctx.on.config_changed(), state, 'change-error')

    assert [case.id for case in cases] == [
        'web-post-services-change-error-before',
        'web-post-services-change-error-after',
    ]
