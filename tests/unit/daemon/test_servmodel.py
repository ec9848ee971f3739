"""One service against a model: a list of timers and a table of what they mean."""

from __future__ import annotations

from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from scenario_pebble.daemon.workload import Behaviour

from .simulated import Pebble, exits, on_term, service

SHOWN = {
    'never': 'inactive',
    'starting': 'active',
    'running': 'active',
    'terminating': 'inactive',
    'stopped': 'inactive',
    'backoff': 'backoff',
    'exited': 'error',
}


class Model:
    """What Pebble's documentation says of a service, in milliseconds.

    Args:
        lives: How long the process lives; None: until it is told to end.
        obeys: How long it takes to end on SIGTERM; None: for ever.
        code: With which it ends by itself.
        action: What is done when it fails.
    """

    def __init__(self, lives: int | None, obeys: int | None, code: int, action: str):
        self.lives, self.obeys, self.code, self.action = lives, obeys, code, action
        self.now = 0
        self.state = 'never'
        self.process = 0
        self.timers: list[tuple[int, int, str, int]] = []
        self.set = 0

    def timer(self, after: int, what: str) -> None:
        self.set += 1
        self.timers.append((self.now + after, self.set, what, self.process))

    def launch(self, state: str) -> None:
        self.process += 1
        self.state = state
        if self.lives is not None:
            self.timer(self.lives, 'exit')

    def start(self) -> None:
        if self.state in ('never', 'stopped', 'backoff', 'exited'):
            self.launch('starting')
            self.timer(1000, 'okay')

    def stop(self) -> None:
        if self.state in ('starting', 'running'):
            self.state = 'terminating'
            self.timer(400, 'kill')
            if self.obeys is not None:
                self.timer(self.obeys, 'exit')
        elif self.state in ('backoff', 'exited'):
            self.state = 'stopped'

    def advance(self, milliseconds: int) -> None:
        end = self.now + milliseconds
        while self.timers and min(self.timers)[0] <= end:
            timer = min(self.timers)
            self.timers.remove(timer)
            self.now, _, what, process = timer
            self.fire(what, process)
        self.now = end

    def fire(self, what: str, process: int) -> None:
        if what == 'okay' and self.state == 'starting':
            self.state = 'running'
        elif what == 'restart' and self.state == 'backoff':
            self.launch('running')
        elif what == 'kill' and self.state == 'terminating':
            self.state = 'stopped'
        elif what == 'exit' and process == self.process:
            self.exit()

    def exit(self) -> None:
        if self.state == 'terminating':
            self.state = 'stopped'
        elif self.state in ('starting', 'running'):
            if self.action == 'ignore':
                self.state = 'exited' if self.code else 'stopped'
            else:
                self.state = 'backoff'
                self.timer(1, 'restart')  # backoff-delay 0, and time must not stand still


class ServiceMachine(RuleBasedStateMachine):
    """Starts, stops and waits at random."""

    @initialize(
        lives=st.sampled_from([None, 1, 300, 999, 1001, 2500]),
        obeys=st.sampled_from([None, 1, 250, 399]),
        code=st.sampled_from([0, 1]),
        action=st.sampled_from(['restart', 'ignore']),
    )
    def begin(self, lives: int | None, obeys: int | None, code: int, action: str) -> None:
        self.model = Model(lives, obeys, code, action)
        reactions = on_term(after=(obeys or 0) / 1000, code=None if obeys is None else 0)
        program = (
            Behaviour(reactions=reactions)
            if lives is None
            else exits(lives / 1000, code, reactions=reactions)
        )
        actions = {'on_success': action, 'on_failure': action}
        layer = service('web', backoff_delay='0s', kill_delay='400ms', **actions)
        self.pebble = Pebble(layer, {'web': program})

    @rule()
    def start(self) -> None:
        self.pebble.begin('start', 'web')
        self.model.start()

    @rule()
    def stop(self) -> None:
        self.pebble.begin('stop', 'web')
        self.model.stop()

    @rule(milliseconds=st.sampled_from([1, 7, 100, 250, 400, 600, 1000, 3000]))
    def advance(self, milliseconds: int) -> None:
        self.pebble.advance(milliseconds / 1000)
        self.model.advance(milliseconds)

    @rule()
    def save_and_restore(self) -> None:
        self.pebble.reload()

    @invariant()
    def the_status_is_that_of_the_model(self) -> None:
        assert self.pebble.status('web') == SHOWN[self.model.state]

    @invariant()
    def a_change_is_in_progress_only_while_somebody_waits(self) -> None:
        waited = self.model.state in ('starting', 'terminating')
        assert bool(self.pebble.get('/v1/changes')) == waited

    @invariant()
    def as_many_processes_were_started_as_in_the_model(self) -> None:
        assert len(self.pebble.programs.calls) == self.model.process


ServiceMachine.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
test_a_service_is_always_where_the_model_is = ServiceMachine.TestCase
