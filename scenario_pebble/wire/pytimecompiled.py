"""Which compiled modules look for a class of dates once, and have to find the real one."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable
from typing import Any

import freezegun.api

_api: Any = freezegun.api


def _cryptography(module: Any) -> None:
    # PyO3 (abi3) looks for datetime.datetime when it is first given one, and takes no instance of
    # another class ever after.  No other function that takes a time is as cheap.
    module.x509.PolicyBuilder().time(datetime.datetime(2000, 1, 1))


_yet_to_look: dict[str, Callable[[Any], None]] = {
    'cryptography.hazmat.bindings._rust': _cryptography,
}


def let_look() -> None:
    """Let those that were loaded since look, if a test hasn't frozen time already."""
    for name in [name for name in _yet_to_look if name in sys.modules]:
        if datetime.datetime is _api.real_datetime:
            _yet_to_look.pop(name)(sys.modules[name])
