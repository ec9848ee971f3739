"""How Kubernetes asks whether a container is alive."""

from __future__ import annotations

from ..dataclass import dataclass
from ..errors import StateValidationError
from .value import Value


@dataclass(frozen=True, kw_only=True, repr=False)
class LivenessProbe(Value):
    """A probe of ``/v1/health?level=alive``: if it fails, Kubernetes restarts the container.

    The defaults are those of Juju 3.6.

    Example::

        Container('db', can_connect=True, liveness_probe=LivenessProbe(failure_threshold=1))
    """

    # Juju: caas/kubernetes/provider/application/application.go, containerProbePeriod and the like

    initial_delay: float = 0.0
    """Seconds from the start of the container to the first period."""
    period: float = 5.0
    """Seconds between two probes."""
    failure_threshold: int = 3
    """After so many failures in a row the container is stopped (SIGTERM) and started again."""
    grace_period: float = 30.0
    """Seconds that Pebble has to stop the services before all processes are killed."""

    def __post_init__(self) -> None:
        super().__post_init__()
        for field in ('initial_delay', 'period', 'failure_threshold', 'grace_period'):
            value, least = getattr(self, field), 0 if field in _MAY_BE_ZERO else 1
            if not least <= value < 1e9:
                raise StateValidationError(
                    f'cannot use {value!r} for LivenessProbe.{field}: it is not {least} or more\n'
                    f'  hint: LivenessProbe({field}=3)'
                )


_MAY_BE_ZERO = ('initial_delay', 'grace_period')
