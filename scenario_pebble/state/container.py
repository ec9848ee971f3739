"""A workload container: what Pebble has been told, what its services do, and which files there
are.
"""

from __future__ import annotations

import dataclasses
import functools
import pathlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ops import pebble

from ..arguments import checked
from ..daemon import plan
from ..daemon.users import Users
from ..dataclass import dataclass
from ..errors import NotFoundError, StateValidationError, closest
from ..fields import check_fields
from ..filetree import Content, FileTree
from ..frozen import EMPTY, FrozenDict, empty, empty_list, evolve, fill, freeze
from . import opaque
from .check import CheckInfo, Fail, Pass, info_at_start
from .fault import Fault, read_only_faults
from .given import read_only_list, read_only_mapping, read_only_set
from .imagelayers import image_layers
from .layer import FrozenLayer, freeze_layer, layer_with_service
from .liveness import LivenessProbe
from .notice import Notice
from .plan import base_facts, combined_plan, layer_facts, service_infos
from .program import Exec, Program
from .value import Value

if TYPE_CHECKING:
    from ..context import Context

NO_FILES = FileTree()

_LAYER = pebble.Layer | Mapping | str  # type: ignore[reportMissingTypeArgument]
_STATUS = pebble.ServiceStatus | str

# Juju hands the name on to Kubernetes: an RFC 1123 label.
_NAME = re.compile(r'[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?')


@dataclass(frozen=True, kw_only=True, repr=False)
class Mount(Value):
    """A file or directory of the host that appears in the container.

    Reads and writes below *location* go to the host path, nowhere else.

    Example::

        Container('db', mounts={'data': Mount(location='/var/lib/mysql', source='/srv/data')})
    """

    location: str | pathlib.PurePosixPath
    """Absolute path in the container."""
    source: str | pathlib.Path
    """Path on the host; a file or a directory."""


@dataclass(frozen=True, repr=False, init=False)
class Container(Value):
    """A container in which the charm's workload runs under Pebble.

    Example::

        Container('db', can_connect=True)  # Pebble answers, and has no layers yet
        Container(
            'db',
            can_connect=True,
            layers={'db': {'services': {'mysql': {'command': 'mysqld'}}}},
            files={'/etc/my.cnf': '[mysqld]'},
            execs=[Exec(['mysql', '--version'], stdout='8.4')],
        )
    """

    COMPARED = True

    name: str
    """As in the charm's metadata."""
    can_connect: bool = False
    """Whether Pebble answers. When False, every request is a ``pebble.ConnectionError``."""
    _base_plan: Mapping[str, Any] = dataclasses.field(default_factory=empty)
    layers: Mapping[str, pebble.Layer] = dataclasses.field(default_factory=empty)
    """The layers by label, lowest first.

    They are facts, not requests: a missing ``override`` means ``replace``, and a missing command
    or check type is unspecified until the charm redefines the entry.
    """
    service_statuses: Mapping[str, pebble.ServiceStatus | str] = dataclasses.field(
        default_factory=empty
    )
    """By service: ``active``, ``inactive``, ``error``, or the string ``'backoff'``."""
    mounts: Mapping[str, Mount] = dataclasses.field(default_factory=empty)
    """Paths of the host that appear in the container; the keys are names of the test's choice."""
    execs: frozenset[Exec] = frozenset()
    """The commands that the charm may run."""
    notices: Sequence[Notice] = dataclasses.field(default_factory=empty_list)
    """The notices that Pebble has recorded."""
    check_infos: frozenset[CheckInfo] = frozenset()
    """The states of the checks."""
    image: FileTree = NO_FILES
    """The files of the OCI image: what a restarted container goes back to.

    Layers in ``/var/lib/pebble/default/layers`` lie below all others.  If it isn't empty, a
    missing home or working directory is an error.
    """
    files: FileTree = NO_FILES
    """The container's files.

    Given as a mapping from absolute path to content (str, bytes, File, Directory or Symlink) it
    lies over *image*; given as a FileTree it's all there is.
    """
    users: Users | None = None
    """The users and groups that exist; None: all that a request names."""
    programs: Mapping[str, Program] = dataclasses.field(default_factory=empty)
    """What the services' programs do, by service; all others run until they are told to stop."""
    outcomes: Mapping[str, Pass | Fail] = dataclasses.field(default_factory=empty)
    """By check: what it meets, whatever the workload does."""
    faults: Sequence[Fault] = ()
    """The requests that fail; of several faults that a request could meet, it meets the first."""
    liveness_probe: LivenessProbe | None = None
    """How Kubernetes asks whether the container is alive; None: it doesn't."""
    runtime: Any = dataclasses.field(default=None, compare=False, repr=False)
    """What only Pebble remembers between events: changes, timers, logs, ids. Opaque."""

    def __init__(
        self,
        name: str,
        *,
        can_connect: bool = False,
        _base_plan: Mapping[str, Any] = EMPTY,
        layers: Mapping[str, pebble.Layer | Mapping[str, Any] | str] = EMPTY,
        service_statuses: Mapping[str, pebble.ServiceStatus | str] = EMPTY,
        mounts: Mapping[str, Mount] = EMPTY,
        execs: Iterable[Exec] = (),
        notices: Iterable[Notice] = (),
        check_infos: Iterable[CheckInfo] = (),
        image: FileTree | Mapping[str, Content] = NO_FILES,
        files: FileTree | Mapping[str, Content] = NO_FILES,
        users: Users | None = None,
        programs: Mapping[str, Program] = EMPTY,
        outcomes: Mapping[str, Pass | Fail] = EMPTY,
        faults: Iterable[Fault] = (),
        liveness_probe: LivenessProbe | None = None,
        runtime: Any = None,
    ):
        _check_name(name)
        if runtime is not None:
            _check_runtime(runtime)
        image = image if isinstance(image, FileTree) else FileTree.from_mapping(image)
        if not isinstance(files, FileTree):
            files = image.overlay(files)
        fill(
            self,
            name=name,
            can_connect=can_connect,
            _base_plan=freeze(_base_plan),
            layers=_frozen(read_only_mapping(layers, _LAYER, 'Container.layers'), name),
            service_statuses=_known(
                read_only_mapping(service_statuses, _STATUS, 'Container.service_statuses')
            ),
            mounts=read_only_mapping(mounts, object, 'Container.mounts'),
            execs=read_only_set(execs, Exec, 'Container.execs'),
            notices=read_only_list(notices, object, 'Container.notices'),
            check_infos=read_only_set(check_infos, CheckInfo, 'Container.check_infos'),
            image=image,
            files=image if files is NO_FILES else files,
            users=users,
            programs=read_only_mapping(programs, Program, 'Container.programs'),
            outcomes=read_only_mapping(outcomes, Pass | Fail, 'Container.outcomes'),
            faults=read_only_faults(faults) if faults else (),
            liveness_probe=liveness_probe,
            runtime=runtime,
        )
        if can_connect.__class__ is not bool or users is not None or liveness_probe is not None:
            check_fields(self)

    def __hash__(self) -> int:
        return hash(self.name)

    @property
    def plan(self) -> pebble.Plan:
        """The plan that the layers combine to, as Pebble would answer it."""
        return combined_plan(self.name, self.layer_facts)

    @property
    def services(self) -> dict[str, pebble.ServiceInfo]:
        """The services of the plan with their statuses, by name."""
        return service_infos(self.plan.services, self.service_statuses)

    @property
    def layer_facts(self) -> list[plan.Layer]:
        """All layers in the daemon's terms, lowest first.

        Raises:
            StateValidationError: If Pebble could not read one.
        """
        if not (self.layers or self.image or self._base_plan):
            return []
        base = base_facts(self.name, self._base_plan)
        image = (layer for layer in self.image_layers if layer.label not in self.layers)
        layers: Any = self.layers.items()
        facts = (layer_facts(self.name, *item) for item in layers)
        return [*([base] if base else []), *image, *facts]

    @property
    def image_layers(self) -> tuple[plan.Layer, ...]:
        """The layers in the image, in the daemon's terms; those in `layers` take their places.

        Raises:
            StateValidationError: If Pebble could not read one.
        """
        return image_layers(self.name, self.image) if self.image else ()

    @checked
    def get_check_info(self, name: str) -> CheckInfo:
        """The state of the check *name*; of one that only the plan has, that from which it starts.

        Raises:
            NotFoundError: If the container has no such check.
        """
        for info in self.check_infos:
            if info.name == name:
                return info
        planned = self.plan.checks
        if name in planned:
            return info_at_start(planned[name])
        names = sorted({*planned, *(info.name for info in self.check_infos)})
        raise NotFoundError(
            f'cannot find check {name!r} in container {self.name!r}: '
            f'it has {", ".join(map(repr, names)) or "none"}\n'
            f'  hint: {closest(name, names) or "Container(check_infos=[CheckInfo(…)])"}'
        )

    @checked
    def with_service(
        self,
        name: str,
        service: pebble.ServiceDict | None = None,
        *,
        status: pebble.ServiceStatus | str = pebble.ServiceStatus.ACTIVE,
    ) -> Container:
        """This container with a service in that status.

        Example::

            web = Container('web', can_connect=True).with_service('nginx', {'command': 'nginx'})

        Args:
            name: The service's name.
            service: What the layer of that name says of it, beside ``override: replace`` and
                ``startup: enabled``.  By default the layers stay as they are, if they know it.
            status: As in `service_statuses`.

        Raises:
            StateValidationError: If Pebble has no such status.
        """
        _check_status(name, status)
        layers = self.layers
        if service is not None or name not in self.plan.services:
            layers = {**layers, name: layer_with_service(layers.get(name), name, service or {})}
        return dataclasses.replace(
            self, layers=layers, service_statuses={**self.service_statuses, name: status}
        )

    @checked
    def with_file(self, path: str | pathlib.PurePath, content: Content) -> Container:
        """This container with a file, or a node of another kind, at *path*.

        Example::

            web = Container('web', can_connect=True).with_file('/etc/app.conf', 'port = 80')

        Raises:
            StateValidationError: If *path* is not absolute, or lies below a file.
        """
        return evolve(self, files=self.files.write(path, content))

    @checked
    def with_exec(self, command: Exec) -> Container:
        """This container with a command, in the place of the one with the same prefix.

        Example::

            web = Container('web', can_connect=True, execs={Exec(['app', 'migrate'])})
            failing = web.with_exec(Exec(['app', 'migrate'], return_code=1))
        """
        new = read_only_set([command], Exec, 'Container.execs')
        others = (e for e in self.execs if e.command_prefix != command.command_prefix)
        return evolve(self, execs=new.union(others))

    @checked
    def with_outcome(self, check: str, outcome: Pass | Fail) -> Container:
        """This container with a check that passes or fails, whatever the workload does.

        Example::

            web = Container('web', can_connect=True).with_outcome('up', Fail('HTTP 503'))
        """
        outcomes = {**self.outcomes, check: outcome}
        return evolve(
            self, outcomes=read_only_mapping(outcomes, Pass | Fail, 'Container.outcomes')
        )

    @checked
    def get_filesystem(self, ctx: Context[Any]) -> pathlib.Path:
        """A real directory that shows the container's files after the latest run of *ctx*.

        What a test writes there before a run, or inside a Manager block, lies over `files`. Prefer
        `files`, which belongs to the State instead of the Context.
        """
        return ctx.container_root(self)


def _check_name(name: Any) -> None:
    if not isinstance(name, str) or not _is_name(name):
        raise StateValidationError(
            f'cannot name a container {name!r}: not an RFC 1123 label\n'
            '  hint: use at most 63 lower-case letters, digits and inner hyphens'
        )


def _check_runtime(runtime: Any) -> None:
    kind = opaque.runtime_class()
    if not isinstance(runtime, kind):
        raise StateValidationError(
            f'cannot use {runtime!r} for Container.runtime: it is not what a run has left there\n'
            '  hint: leave it out, or change a container with dataclasses.replace()'
        )


@functools.lru_cache
def _is_name(name: str) -> bool:
    return _NAME.fullmatch(name) is not None


def _frozen(
    layers: Mapping[str, pebble.Layer | Mapping[str, Any] | str], container: str
) -> FrozenDict[str, FrozenLayer]:
    return FrozenDict(
        {
            label: freeze_layer(layer, f'layer {label!r} of container {container!r}')
            for label, layer in layers.items()
        }
    )


def _known(
    statuses: Mapping[str, pebble.ServiceStatus | str],
) -> FrozenDict[str, pebble.ServiceStatus | str]:
    return FrozenDict({service: _status(status) for service, status in statuses.items()})


def _status(status: pebble.ServiceStatus | str) -> pebble.ServiceStatus | str:
    try:
        return pebble.ServiceStatus(status)
    except ValueError:
        # Pebble's 'backoff', which ops.pebble.ServiceStatus lacks; any other text is a problem of
        # the State that holds it.
        return status


def _check_status(service: str, status: pebble.ServiceStatus | str) -> None:
    known = sorted([*(each.value for each in pebble.ServiceStatus), 'backoff'])
    if getattr(status, 'value', status) not in known:
        hint = closest(str(status), known) or f'it has {", ".join(map(repr, known))}'
        raise StateValidationError(
            f'cannot give service {service!r} the status {status!r}: Pebble has no such status\n'
            f'  hint: {hint}'
        )
