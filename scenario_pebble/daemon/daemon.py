"""The simulated daemon: how requests and time act on it, how it is saved."""

from __future__ import annotations

import functools
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..clock import SECOND_NS, Clock, Dice, Timers
from ..filetree import FileTree
from ..frozen import FrozenDict, evolve
from . import api, api_services, apirequest, plancommand, pruning, users as users_
from .fileplaces import Mount
from .files import Files
from .message import Answered, ApiError, Pending, Request
from .notices import Notices, SavedNotices
from .parts import SAVED_PARTS, Parts
from .plan import Layer, Plan
from .saved import NOTHING, Saved
from .shutdown import SavedLife
from .taskrunner import TaskRunner
from .workload import HappyWorkload, Workload

Log = Callable[[str, str, str], None]
"""Is told what happens: kind, subject, text."""

DEFAULT_ENVIRONMENT: Mapping[str, str] = FrozenDict(
    {
        'PATH': '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        'HOME': '/root',
        'USER': 'root',
    }
)

PEBBLE_VERSION = 'v1.32.1'
"""The version of Pebble whose behaviour is simulated."""

PATIENCE_NS = 3600 * SECOND_NS
"""How long `Daemon.request` waits for an answer without timeout; then the client hangs up."""


class DaemonGone(ConnectionError):
    """The daemon has shut down: nobody answers."""


class Daemon(Parts):
    """A Pebble daemon in a container.

    Its parts are attributes: ``plan``, ``services``, ``logs``, ``checks``, ``changes``,
    ``runner``, ``notices``, ``files``, ``execs``, ``identities``.  A part is made when it is first
    needed, so that an event costs what it uses; until then it is as it was saved.  They share
    ``clock``, ``timers``, ``dice``, ``workload``, ``users``, ``environment`` and ``user_id``.

    Args:
        clock: The time, shared by all daemons of a run.
        workload: What the programs in the container do.
        files: What the container's file system holds.
        complete: Whether that is all there is.  Otherwise working and home directories are
            presupposed.  None: it is if the users are declared.
        mounts: What of the host is visible, and where.
        environment: The daemon's own.
        users: The users that exist; None: all that are named.
        layers: The layers that the daemon starts with.
        hold: Whether services with ``startup: enabled`` are left alone when the daemon starts.
        seed: Of the randomness in restart delays.
        name: Of the container.
        boot_id: Changes when the container restarts; None: made up.
        version: What it says of itself.
        user_id: The user that the daemon runs as.
        group_id: Likewise the group; None: the user's.
        service_args: What ``pebble run --args`` says: a service's name and its arguments.
        saved: What to go on from, instead of starting.
        log: Is told of all that happens.
    """

    def __init__(
        self,
        clock: Clock,
        workload: Workload | None = None,
        *,
        files: FileTree | None = None,
        complete: bool | None = None,
        mounts: Sequence[Mount] = (),
        environment: Mapping[str, str] = DEFAULT_ENVIRONMENT,
        users: users_.Users | None = None,
        layers: Sequence[Layer] = (),
        hold: bool = True,
        seed: int = 0,
        name: str = '',
        boot_id: str = '',
        version: str = PEBBLE_VERSION,
        user_id: int = 0,
        group_id: int | None = None,
        service_args: Sequence[str] = (),
        saved: Saved | None = None,
        log: Log | None = None,
    ):
        self.clock = clock
        self.workload: Workload = HappyWorkload() if workload is None else workload
        self.environment = environment
        self.users = users_.known(users, user_id, group_id)
        self.name = name
        self.version = version
        self.user_id = user_id
        self.log = log
        self._hold = hold
        self._service_args = plancommand.by_service(service_args) if service_args else {}
        self._layers = tuple(layers)
        self._boot_id = boot_id
        self._pending: list[Pending] = []
        self.made = {}
        self._made_ns = clock.now_ns
        self.saved = saved = NOTHING if saved is None else saved
        self.make_files = functools.partial(
            Files,
            clock,
            FileTree() if files is None else files,
            mounts,
            known=self.users,
            user_id=user_id,
            group_id=group_id,
            owners=saved.owners,
            unmounted=saved.unmounted,
            complete=users is not None if complete is None else complete,
            changed=self._file_changed,
        )
        self.timers = Timers(saved.timers, saved.last_timer, self.make_performer)
        self.dice = Dice(seed, saved.drawn)
        self.life = saved.life
        self.idle_until_ns = saved.idle_until_ns
        """Before this, nothing is old enough to be pruned."""
        self.pruned_ns = saved.pruned_ns
        """As of when things were pruned last."""
        clock.attach(self)
        if saved is NOTHING:
            self._boot()

    def save(self) -> Saved:
        """The daemon as a value; the one it was made from if nothing was touched.

        Open connections are no part of it.
        """
        if self.clock.now_ns != self._made_ns and self.has('checks'):
            self.checks.settle()  # they have run, even if nobody looked
        made, before = self.made, self.saved.__dict__
        parts: dict[str, Any] = {'drawn': self.dice.drawn, 'life': self.life}
        parts['idle_until_ns'], parts['pruned_ns'] = self.idle_until_ns, self.pruned_ns
        for name in SAVED_PARTS:
            if name in made:
                parts[name] = made[name].save()
        if 'plan' in made:
            parts['layers'] = self.plan.layers
        if 'files' in made:
            parts['owners'], parts['unmounted'] = self.files.owners, self.files.unmounted
        parts['timers'], parts['last_timer'] = self.timers.save()
        for name, part in parts.items():
            if part is not before[name] and part != before[name]:
                self.saved = evolve(self.saved, **parts)
                break
        return self.saved

    # -- requests

    def handle(self, request: Request) -> Answered | Pending:
        """Answer a request, or say what to wait for.

        Raises:
            DaemonGone: If the daemon has shut down.
        """
        with self.clock.lock:
            if self.life.exit_code is not None:
                raise DaemonGone(f'daemon exited with code {self.exit_code}')
            self._prune()
            try:
                answer = api.dispatch(self, request)
            except ApiError as e:
                answer = apirequest.refusal(e)
            self.settle()
            return self._awaited(answer) if isinstance(answer, Pending) else answer

    def _awaited(self, pending: Pending) -> Answered | Pending:
        answer = pending.poll()
        if answer is not None:
            return answer
        self._pending.append(pending)
        return pending

    def request(self, request: Request) -> Answered:
        """Answer a request, moving the clock while it waits.

        Raises:
            DaemonGone: If the daemon has shut down, or does so before there is an answer.
        """
        pending = self.handle(request)
        if not isinstance(pending, Pending):
            return pending
        deadline_ns = pending.deadline_ns
        if deadline_ns is None:
            deadline_ns = self.clock.now_ns + PATIENCE_NS
        self.clock.wait(
            lambda: pending.answer is not None or pending.dropped or self.exit_code is not None,
            deadline_ns,
        )
        if pending.answer is not None:
            return pending.answer
        if pending.dropped:
            raise DaemonGone('connection lost')
        if self.exit_code is not None:
            raise DaemonGone(f'daemon exited with code {self.exit_code}')
        if pending in self._pending:
            self._pending.remove(pending)
        return pending.expired()

    # -- time

    def next_due_ns(self) -> int | None:
        """When the next thing is due, or None."""
        return self.timers.next_due_ns() if self.exit_code is None else None

    def fire(self) -> None:
        """Do the one thing that is due first."""
        self._prune()
        self.timers.fire()
        self.settle()

    def _prune(self) -> None:
        if self.clock.now_ns >= self.idle_until_ns or self._is_crowded():
            pruning.catch_up(self)

    def _is_crowded(self) -> bool:
        # There is a notice for each change.
        notices: Notices | SavedNotices = self.made.get('notices', self.saved.notices)
        return notices.last_id > pruning.MOST_NOTICES

    @property
    def moves(self) -> bool:
        """Whether time alone changes anything."""
        return self.next_due_ns() is not None or (self.has('checks') and self.checks.moves)

    def workload_changed(self) -> None:
        """What the workload answers may be different from now on."""
        if self.has('checks'):
            self.checks.workload_changed()

    def plan_changed(self, new: Plan) -> None:
        """The plan is another one."""
        if new.checks or self.has('checks'):
            self.checks.plan_changed(new)

    def _file_changed(self, path: str, text: str) -> None:
        if self.log is not None:
            self.log('file', path, text)
        self.workload_changed()

    @property
    def tree(self) -> FileTree:
        """What the container's file system holds now, mounts left out."""
        return self.files.tree if 'files' in self.made else self.make_files.args[1]

    def settle(self) -> None:
        """Run tasks until nothing moves, then answer who was waiting for that."""
        runner: TaskRunner | None = self.made.get('runner')
        if runner is not None:
            runner.ensure()
        if self.life.is_ending:
            while self.shutdown.advance():
                self.runner.ensure()
        if self._pending:
            now_ns = self.clock.now_ns
            for pending in self._pending:
                pending.answer = pending.poll()
            self._pending = [
                p
                for p in self._pending
                if p.answer is None and (p.deadline_ns is None or p.deadline_ns >= now_ns)
            ]

    def hang_up(self) -> None:
        """Drop all connections: who waits for an answer gets none, and commands are killed."""
        self._drop_pending()
        self.execs.disconnect()

    def _drop_pending(self) -> None:
        for pending in self._pending:
            pending.dropped = True
        self._pending.clear()

    # -- life

    @property
    def exit_code(self) -> int | None:
        """With which code Pebble has shut down; None while it runs."""
        return self.life.exit_code

    @property
    def boot_id(self) -> str:
        """Identifies the container's present life."""
        if self._boot_id and self.life.boots == 1:
            return self._boot_id
        named = zlib.crc32(f'{self._boot_id}{self.name}'.encode())
        return f'{named:08x}-0000-4000-8000-{self.life.boots:012x}'

    def _boot(self) -> None:
        now_ns = self.clock.now_ns
        self.life = evolve(_LIFE, boots=self.life.boots + 1, begun_ns=now_ns)
        self.idle_until_ns = now_ns + pruning.INTERVAL_NS
        if self._layers or self.has('plan'):
            self.plan.reset(self._layers)
        if self._service_args:
            self.plan.set_service_args(self._service_args)
        if self.has('checks') or (self._layers and self.plan.plan.checks):
            self.checks.restart()
            self.runner.ensure()
        if not self._hold and any(s.enabled for s in self.plan.plan.services.values()):
            api_services.act(self, 'autostart', ())
        self.settle()

    def terminate(self) -> None:
        """Stop all services and shut down, as on SIGTERM; `exit_code` is set once that is done."""
        self.shutdown.terminate()
        self.settle()

    def restart(self, layers: Sequence[Layer] | None = None) -> None:
        """Start anew in a restarted container.

        Changes, notices and ids are kept.  What the API added to the plan is gone, and so are the
        states and logs of services.  A daemon that has not ended is killed: it stops nothing.

        Args:
            layers: What is in its ``layers`` directory; None: what was there at first.
        """
        if layers is not None:
            self._layers = tuple(layers)
        self.checks.settle()  # what they have logged by now stays
        self._drop_pending()
        self.timers.clear()
        self.services.restart()
        self.logs.clear()
        self.execs.restart()
        self.files.mount_again()
        if self.environment.get('PEBBLE_PERSIST') == 'never':
            self.changes.clear()
            self.notices.clear()
            self.identities.clear()
        self.runner.restart()
        self._boot()


_LIFE = SavedLife()
