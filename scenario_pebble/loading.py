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
    'wire.pytimeplaces',
    'wire.server',
)
"""What these import is late, too.  All others need pyfakefs, or are there already."""

_OF_TESTS = ('pytest', 'unittest')


def load_for_tests() -> None:
    """Load all modules in a process that runs tests.

    What is loaded while a test has patched something, keeps that for ever.  And while a test has
    replaced ``sys.modules``, or faked the file system, it is forgotten at the test's end: the next
    test would load it again, and meet classes that are others than those of the States and
    Contexts that exist.
    """
    if any(name in sys.modules for name in _OF_TESTS):
        for name in _LATE:
            importlib.import_module(f'{__package__}.{name}')
