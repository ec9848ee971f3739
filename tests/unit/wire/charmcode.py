"""Imports clocks as a charm does."""

from __future__ import annotations

import logging
import time as clocks_of_python
from datetime import date, datetime
from time import sleep as nap, time, time_ns
from typing import Any

logger = logging.getLogger(__name__)


def readings() -> list[Any]:
    return [time(), clocks_of_python.time(), datetime.now(), date.today()]


def clocks() -> list[Any]:
    return [time, time_ns, datetime, date]


__all__ = ['clocks', 'datetime', 'logger', 'nap', 'readings']
