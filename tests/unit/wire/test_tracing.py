from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Generator
from typing import Any

import pytest

from scenario_pebble.wire import tracing


@dataclasses.dataclass
class Span:
    name: str
    attributes: dict[str, str] | None = None


class Exporter:
    """Has spans, as the in-memory exporter of OpenTelemetry does at the end of a run."""

    def get_finished_spans(self) -> tuple[Span, ...]:
        return Span('is-leader', {'call': 'subprocess.run'}), Span('ops.main')


@contextlib.contextmanager
def patch_tracing() -> Generator[Exporter, None, None]:
    yield Exporter()


def test_spans_are_collected_in_one_run_after_the_other_but_not_those_of_hook_tools():
    spans: list[Any] = []

    for _ in range(2):
        with tracing.collected(spans, patch_tracing):
            assert len(spans) < 2

    assert spans == [Span('ops.main')] * 2


def test_spans_of_a_charm_that_fails_are_collected():
    spans: list[Any] = []

    with pytest.raises(KeyError), tracing.collected(spans, patch_tracing):
        raise KeyError

    assert spans == [Span('ops.main')]


def test_without_ops_tracing_there_are_no_spans():
    spans: list[Any] = []

    with tracing.collected(spans, None):
        pass

    assert spans == []
