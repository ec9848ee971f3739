"""What a State says will happen to its containers, and how it happens to them."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from .clock import Clock, seconds_to_ns
from .daemon.message import Request, Response
from .errors import InconsistentScenarioError, ScenarioError, StateValidationError, closest
from .frozen import FrozenList, evolve
from .host import Host
from .state.check import Fail, Pass
from .state.stimulus import (
    Connect,
    CrashService,
    Disconnect,
    FailCheck,
    Notify,
    PassCheck,
    ReplaceContainer,
    RestartContainer,
    Stimulus,
    seconds,
)
from .times import from_ns, to_ns


class Schedule:
    """The stimuli to come; takes part in time.

    Args:
        stimuli: As the State has them.
        clock: Of the run.
        hosts: The containers, by name.
        blame: Is told what can't happen: the charm, which may wait meanwhile, mustn't see it.
    """

    def __init__(
        self,
        stimuli: Sequence[Stimulus],
        clock: Clock,
        hosts: Mapping[str, Host],
        blame: Callable[[ScenarioError], None],
    ):
        _check_containers(stimuli, hosts)
        self._clock = clock
        self._blame = blame
        self._hosts = hosts
        self.stimuli = anchored(stimuli, clock.now_ns)
        """Those that are still to come, in order of time."""
        clock.attach(self, late=True)

    def next_due_ns(self) -> int | None:
        """When the first one is due."""
        return to_ns(_time(self.stimuli[0])) if self.stimuli else None

    def fire(self) -> None:
        """Let the first one happen."""
        first, *others = self.stimuli
        if first.every is not None:
            again = _time(first) + datetime.timedelta(seconds=seconds(first.every))
            others.append(evolve(first, at=again))
        self.stimuli = _sorted(others)
        try:
            happen(first, self._hosts[first.container], strict=False)
        except ScenarioError as e:
            self._blame(e)

    def catch_up(self) -> None:
        """Let happen what is due by now."""
        while self.stimuli and to_ns(_time(self.stimuli[0])) <= self._clock.now_ns:
            self.fire()


def _check_containers(stimuli: Sequence[Stimulus], hosts: Mapping[str, Host]) -> None:
    for number, stimulus in enumerate(stimuli):
        if stimulus.container not in hosts:
            raise InconsistentScenarioError(
                f'cannot use .schedule[{number}]: the State has no container '
                f'{stimulus.container!r}\n'
                f'  it has: {", ".join(map(repr, hosts)) or "none"}\n'
                f'  hint: {closest(stimulus.container, hosts) or "State(containers={…})"}'
            )


def anchored(stimuli: Sequence[Stimulus], now_ns: int) -> FrozenList[Stimulus]:
    """The stimuli in order of time, each with a time; the very same list if they were so."""
    made = _sorted(_anchored(stimulus, now_ns) for stimulus in stimuli)
    same = len(made) == len(stimuli) and all(a is b for a, b in zip(made, stimuli, strict=True))
    return stimuli if same and isinstance(stimuli, FrozenList) else made


def _anchored(stimulus: Stimulus, now_ns: int) -> Stimulus:
    if isinstance(stimulus.at, datetime.datetime):
        return _still_to_come(stimulus, stimulus.at, from_ns(now_ns))
    return evolve(stimulus, at=from_ns(now_ns + seconds_to_ns(seconds(stimulus.at))))


def _still_to_come(
    stimulus: Stimulus, first: datetime.datetime, now: datetime.datetime
) -> Stimulus:
    """What repeats goes on from its next time: what it has missed before this State is over."""
    if stimulus.every is None or first >= now:
        return stimulus
    every = datetime.timedelta(seconds=seconds(stimulus.every))
    missed = -((first - now) // every)
    return evolve(stimulus, at=first + missed * every)


def _sorted(stimuli: Iterable[Stimulus]) -> FrozenList[Stimulus]:
    return FrozenList(sorted(stimuli, key=_time))


def _time(stimulus: Stimulus) -> datetime.datetime:
    assert isinstance(stimulus.at, datetime.datetime)  # anchored
    return stimulus.at


def happen(stimulus: Stimulus, host: Host, *, strict: bool = True) -> None:
    """Let a stimulus happen to its container, now.

    Args:
        stimulus: What happens.
        host: The container.
        strict: Whether it is an error if it makes no difference.
    """
    host.note('stimulus', stimulus.label, '')
    if isinstance(stimulus, FailCheck):
        host.decide(stimulus.check, Fail(stimulus.error))
    elif isinstance(stimulus, PassCheck):
        host.decide(stimulus.check, Pass())
    elif isinstance(stimulus, Notify):
        _notify(stimulus, host)
    elif isinstance(stimulus, CrashService):
        _crash(stimulus, host, strict=strict)
    elif isinstance(stimulus, Disconnect):
        host.disconnect()
    elif isinstance(stimulus, Connect):
        host.connect()
    elif isinstance(stimulus, RestartContainer):
        host.terminate() if stimulus.graceful else host.restart()
    elif isinstance(stimulus, ReplaceContainer):
        host.replace()
    else:
        raise TypeError(f'cannot let {stimulus!r} happen: it is none of the known stimuli')


def _notify(notice: Notify, host: Host) -> None:
    if host.daemon.exit_code is not None:
        return  # ``pebble notify`` fails, too
    body: dict[str, Any] = {'action': 'add', 'type': 'custom', 'key': notice.key}
    body['data'] = dict(notice.data)
    if notice.repeat_after is not None:
        body['repeat-after'] = f'{notice.repeat_after}s'
    request = Request('POST', '/v1/notices', body=body, user_id=notice.user_id)
    answer = host.daemon.request(request)
    if isinstance(answer, Response) and answer.status >= 400:
        raise StateValidationError(
            f'cannot record notice {notice.key!r}: {answer.result["message"]}\n'
            "  hint: Notify('web', 'example.com/path')"
        )


def _crash(crash: CrashService, host: Host, *, strict: bool) -> None:
    service, running = crash.service, dict(host.daemon.services.running())
    if service in running:
        host.daemon.services.end_process(service, crash.exit_code)
    elif strict:
        raise InconsistentScenarioError(
            f'cannot crash service {service!r}: it does not run in container {host.name!r}\n'
            f'  running: {", ".join(map(repr, running)) or "none"}\n'
            f'  hint: {closest(service, running) or "has the charm started it?"}'
        )
