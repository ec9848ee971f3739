"""Python's clocks as they are outside of a run, and a time for one."""

from __future__ import annotations

import calendar
import datetime
import time
from typing import Any

from scenario_pebble.clock import SECOND_NS

START = datetime.datetime(2031, 7, 5, 22, 30, 15, 123456, tzinfo=datetime.timezone.utc)
START_NS = calendar.timegm(START.timetuple()) * SECOND_NS + 123_456_789

REAL: dict[str, Any] = {
    name: getattr(module, name)
    for module, names in (
        (time, 'time time_ns monotonic monotonic_ns perf_counter perf_counter_ns'),
        (time, 'localtime gmtime strftime ctime asctime sleep'),
        (datetime, 'datetime date'),
    )
    for name in names.split()
}


def installed() -> dict[str, Any]:
    """What Python's names stand for now."""
    return {name: getattr(time, name, getattr(datetime, name, None)) for name in REAL}
