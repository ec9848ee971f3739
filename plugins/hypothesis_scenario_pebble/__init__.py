"""Property tests for charms on a simulated Pebble: strategies for hypothesis, and a machine.

`states` and `events` make what a charm's metadata allows; `CharmMachine` drives a charm through
random sequences.
"""

from __future__ import annotations

from .checks import check_infos, outcomes
from .config import config
from .containers import containers
from .events import events
from .files import files
from .holdings import secrets
from .layers import checks, layers, log_targets, services
from .machine import CharmMachine
from .notices import notices
from .programs import execs, programs
from .relations import relations
from .schedules import schedules
from .states import states

__all__ = [
    'CharmMachine',
    'check_infos',
    'checks',
    'config',
    'containers',
    'events',
    'execs',
    'files',
    'layers',
    'log_targets',
    'notices',
    'outcomes',
    'programs',
    'relations',
    'schedules',
    'secrets',
    'services',
    'states',
]
