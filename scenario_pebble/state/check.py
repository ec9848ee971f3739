"""A check as the test author sees it: its state (`CheckInfo`) and what it will meet (`Pass`,
`Fail`).
"""

from __future__ import annotations

import contextlib
import dataclasses

from ops import pebble

from ..dataclass import dataclass
from ..fields import equals_all
from .value import Value


@dataclass(frozen=True, repr=False)
class CheckInfo(Value):
    """The state of a health check of a workload container.

    It need not repeat what the container's layers say of the check, and a layer need not exist: a
    check that only a CheckInfo mentions is taken as it is.

    Example::

        info = state.get_container('db').get_check_info('http-test')
        assert info.failures < info.threshold

        Container('web', check_infos=[CheckInfo('up', failures=2)])  # once more, and it is down
    """

    COMPARED = True
    TAKEN = {'level': object, 'threshold': int | None}

    name: str
    """The check's name in the plan."""
    _: dataclasses.KW_ONLY
    level: pebble.CheckLevel | None = None
    """``alive`` or ``ready``; None: the plan's, or unset."""
    startup: pebble.CheckStartup = pebble.CheckStartup.ENABLED
    """Whether Pebble starts the check by itself."""
    status: pebble.CheckStatus = pebble.CheckStatus.UP
    """``up``, ``down`` (the failures reached the threshold) or ``inactive`` (stopped)."""
    successes: int | None = 0
    """How often the check has succeeded since it was started; None as from a Pebble before
    v1.23."""
    failures: int = 0
    """Failures in a row since the last success. At *threshold* the check goes down."""
    threshold: int = 3
    """How many failures in a row make the check go down."""
    change_id: pebble.ChangeID | None = dataclasses.field(default=None, compare=False)
    """The change that performs or recovers the check; None: Pebble gives it one. Not compared."""

    def __post_init__(self) -> None:
        super().__post_init__()
        set_ = self.__dict__.__setitem__
        if self.level is not None and not equals_all(self.level):
            set_('level', _level(self.level))
        # A text that is none of Pebble's stays: it is a problem of the State that holds it.
        if isinstance(self.startup, str):
            with contextlib.suppress(ValueError):
                set_('startup', pebble.CheckStartup(self.startup))
        if isinstance(self.status, str):
            with contextlib.suppress(ValueError):
                set_('status', pebble.CheckStatus(self.status))
        if self.change_id is None and self.status is pebble.CheckStatus.INACTIVE:
            set_('change_id', pebble.ChangeID(''))

    def __hash__(self) -> int:
        return hash(self.name)


def info_at_start(check: pebble.Check) -> CheckInfo:
    """The state of a check that Pebble has read from its plan, and not run yet."""
    disabled = check.startup is pebble.CheckStartup.DISABLED
    return CheckInfo(
        check.name,
        level=None if check.level is pebble.CheckLevel.UNSET else pebble.CheckLevel(check.level),
        startup=pebble.CheckStartup.DISABLED if disabled else pebble.CheckStartup.ENABLED,
        status=pebble.CheckStatus.INACTIVE if disabled else pebble.CheckStatus.UP,
        threshold=check.threshold or 3,
    )


def _level(level: pebble.CheckLevel | str) -> pebble.CheckLevel:
    try:
        return pebble.CheckLevel(level)
    except ValueError:
        known = [repr(each.value) for each in pebble.CheckLevel if each.value]
        raise ValueError(  # as in ops.testing
            f'cannot use {level!r} for CheckInfo.level: Pebble has no such level\n'
            f'  hint: {" or ".join(known)}'
        ) from None


@dataclass(frozen=True, repr=False)
class Pass(Value):
    """The outcome of a check that passes, whatever the workload does.

    Example::

        Container('db', can_connect=True, outcomes={'http-test': Pass()})
    """

    error: None = dataclasses.field(default=None, init=False, repr=False)


@dataclass(frozen=True, repr=False)
class Fail(Value):
    """The outcome of a check that fails, whatever the workload does.

    Example::

        Container('db', can_connect=True, outcomes={'http-test': Fail('connection refused')})
    """

    error: str = 'connection refused'
    """The error that Pebble logs for each failure."""
