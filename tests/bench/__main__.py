"""Measure events with ops.testing and with this package, by turns, in one process."""

from __future__ import annotations

import argparse
import gc
import logging
import statistics
import sys
import time
from collections.abc import Sequence
from types import ModuleType
from typing import Any

from ops import testing

import scenario_pebble

from .workloads import WORKLOADS, Workload

MODULES: list[ModuleType] = [testing, scenario_pebble]  # type: ignore[list-item]


def microseconds(workload: Workload, module: Any) -> float:
    """How long one event takes; its preparation isn't counted."""
    run = workload(module)
    began = time.perf_counter_ns()
    run()
    return (time.perf_counter_ns() - began) / 1000


def medians(workload: Workload, rounds: int) -> list[float]:
    """The median for each module; noise of the machine hits both alike."""
    samples: list[list[float]] = [[] for _ in MODULES]
    gc.collect()
    for _ in range(rounds):
        for module, taken in zip(MODULES, samples, strict=True):
            taken.append(microseconds(workload, module))
    return [statistics.median(taken) for taken in samples]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table."""
    parser = argparse.ArgumentParser(prog='python -m tests.bench', description=__doc__)
    parser.add_argument('--rounds', type=int, default=50)
    rounds = parser.parse_args(arguments).rounds
    logging.disable(logging.CRITICAL)
    print(f'{"event":26} {"ops.testing":>14} {"scenario_pebble":>16} {"ratio":>7}')
    for workload in WORKLOADS:
        medians(workload, 2)
        peer, own = medians(workload, rounds)
        name = workload.__name__.replace('_', ' ')
        print(f'{name:26} {peer:11.0f} µs {own:13.0f} µs {peer / own:6.1f}×')
    return 0


if __name__ == '__main__':
    sys.exit(main())
