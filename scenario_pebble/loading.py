"""Which modules are loaded when they are first needed, and when are all loaded at once?"""

from __future__ import annotations

import importlib
import sys

_LATE = (
    'convergence',
    'convert',
    'execcall',
    'faultyhost',
    'schedule',
    'state.document',
    'trial',
    'wire.connection',
    'wire.server',
)
"""What these import is late, too.  All others need pyfakefs or freezegun, or are there already."""


def load_for_pyfakefs() -> None:
    """Load all modules in a process that may fake its file system.

    What is loaded while pyfakefs is active, that forgets at its end: the next test would load it
    again, and meet classes that are others than those of the States and Contexts that exist.
    """
    # Its pytest plugin is loaded before all tests.
    if 'pyfakefs' in sys.modules:
        for name in _LATE:
            importlib.import_module(f'{__package__}.{name}')
