from __future__ import annotations

import datetime

from scenario_pebble import times


def test_a_time_without_a_zone_is_in_utc():
    naive = datetime.datetime(2026, 1, 1, 12, 0, 0, 5)

    assert times.to_ns(naive) == times.to_ns(naive.replace(tzinfo=datetime.timezone.utc))
    assert times.from_ns(times.to_ns(naive)) == naive.replace(tzinfo=datetime.timezone.utc)
