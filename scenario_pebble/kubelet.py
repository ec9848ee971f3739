"""What Kubernetes does to a container by itself: it probes it, and starts it again when its Pebble
has ended.
"""

from __future__ import annotations

from typing import Protocol

from .clock import SECOND_NS, Clock, seconds_to_ns
from .dataclass import dataclass
from .frozen import evolve
from .state.liveness import LivenessProbe

# Kubernetes: pkg/kubelet/kubelet.go, initialBackOff, MaxContainerBackOff; a container that has run
# for twice the longest delay starts afresh.
_FIRST_DELAY_NS = 10 * SECOND_NS
_LONGEST_DELAY_NS = 300 * SECOND_NS
_FORGIVEN_AFTER_NS = 2 * _LONGEST_DELAY_NS


@dataclass(frozen=True, kw_only=True)
class SavedKubelet:
    """What Kubernetes remembers of a container."""

    probe_ns: int | None = None
    """When it probes next."""
    failures: int = 0
    """How many probes have failed in a row."""
    start_ns: int | None = None
    """When it starts the container again: that has ended, or is killed then."""
    ended: bool = False
    """Whether Pebble has ended since the container was started."""
    restarts: int = 0
    """How often it was started again with too little time in between."""


class Probed(Protocol):
    """A container as Kubernetes sees it."""

    def is_alive(self) -> bool:
        """What ``/v1/health?level=alive`` answers."""
        ...

    def begun_ns(self) -> int:
        """When Pebble was started last."""
        ...

    def exit_code(self) -> int | None:
        """With which code Pebble has ended."""
        ...

    def terminate(self) -> None:
        """Send SIGTERM to Pebble."""
        ...

    def restart(self) -> None:
        """Start the container again."""
        ...

    def note(self, kind: str, subject: str, text: str) -> None:
        """Add a row to the timeline."""
        ...


class Kubelet:
    """Watches one container; takes part in time.

    Args:
        container: The container.
        clock: Shared by all containers of a run.
        probe: How it is probed, if it is.
        saved: What to go on from.
    """

    def __init__(
        self, container: Probed, clock: Clock, probe: LivenessProbe | None, saved: SavedKubelet
    ):
        self._container = container
        self._clock = clock
        self._probe = probe
        self.state = saved
        if probe is None:
            self._set(probe_ns=None, failures=0)
        elif saved.probe_ns is None:
            self._await_first_probe(probe)

    def look(self) -> None:
        """See whether Pebble has ended."""
        if self._container.exit_code() is not None and not self.state.ended:
            self._ended()

    def started(self) -> None:
        """The container was started, by whomever."""
        self._set(start_ns=None, ended=False, failures=0)
        if self._probe is not None:
            self._await_first_probe(self._probe)

    def next_due_ns(self) -> int | None:
        """When it probes or starts the container."""
        state = self.state
        return state.probe_ns if state.start_ns is None else state.start_ns

    def fire(self) -> None:
        """Do what is due."""
        if self.state.start_ns is not None:
            self._container.note('kubelet', 'container', 'started again')
            self._container.restart()
        elif self._probe is not None:
            self._ask(self._probe)

    def _ask(self, probe: LivenessProbe) -> None:
        next_ns = self._clock.now_ns + seconds_to_ns(probe.period)
        if self._container.is_alive():
            self._set(probe_ns=next_ns, failures=0)
            return
        failures = self.state.failures + 1
        self._set(probe_ns=next_ns, failures=failures)
        result = f'failure {failures}/{probe.failure_threshold}'
        down = failures >= probe.failure_threshold
        self._container.note('kubelet', 'liveness', f'{result} → SIGTERM' if down else result)
        if down:
            self._set(start_ns=self._clock.now_ns + seconds_to_ns(probe.grace_period))
            self._container.terminate()
            self.look()

    def _ended(self) -> None:
        now_ns, container = self._clock.now_ns, self._container
        forgiven = now_ns - container.begun_ns() >= _FORGIVEN_AFTER_NS
        restarts = 0 if forgiven else self.state.restarts
        delay_ns = min(_FIRST_DELAY_NS << restarts >> 1, _LONGEST_DELAY_NS) if restarts else 0
        self._set(ended=True, start_ns=now_ns + delay_ns, restarts=restarts + 1)
        container.note('kubelet', 'container', f'Pebble exited with {container.exit_code()}')

    def _await_first_probe(self, probe: LivenessProbe) -> None:
        delay_ns = seconds_to_ns(probe.initial_delay + probe.period)
        self._set(probe_ns=self._clock.now_ns + delay_ns)

    def _set(self, **fields: object) -> None:
        if any(getattr(self.state, name) != value for name, value in fields.items()):
            self.state = evolve(self.state, **fields)
