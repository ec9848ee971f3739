import pytest
from hypothesis import settings
from hypothesis.stateful import invariant, run_state_machine_as_test
from hypothesis_scenario_pebble import CharmMachine

import scenario_pebble as scenario
from charm import CONFIG_PATH, ProxyCharm
from hasty import HastyProxyCharm

READS_AGAIN = scenario.Program(signals={'SIGHUP': scenario.OnSignal()})
PROXY = scenario.Container('proxy', programs={'proxy': READS_AGAIN})


class ProxyMachine(CharmMachine):
    charm = ProxyCharm
    containers = [PROXY]

    @invariant()
    def a_proxy_that_runs_has_a_configuration(self):
        proxy = self.state.get_container('proxy')
        if ('proxy', 'proxy') in self.running:
            assert CONFIG_PATH in proxy.files


ProxyMachine.TestCase.settings = settings(
    ProxyMachine.TestCase.settings, max_examples=20, stateful_step_count=10, derandomize=True
)
TestProxy = ProxyMachine.TestCase


class HastyProxyMachine(CharmMachine):
    charm = HastyProxyCharm
    containers = [PROXY]


def test_the_machine_finds_a_handler_that_assumes_that_the_service_runs():
    short = settings(HastyProxyMachine.TestCase.settings, max_examples=200, stateful_step_count=6)

    with pytest.raises(scenario.UncaughtCharmError) as failure:
        run_state_machine_as_test(HastyProxyMachine, settings=settings(short, derandomize=True))

    report = '\n'.join(getattr(failure.value, '__notes__', []))
    steps = [line for line in report.splitlines() if line.startswith('state.')]
    assert 'cannot send signal to "proxy": service is not running' in str(failure.value)
    assert len(steps) <= len(['set_up', 'teardown']) + 3
    assert (
        'def test_reproduces_the_failure():\n    ctx = scenario.Context(HastyProxyCharm)' in report
    )
