from __future__ import annotations

import datetime
import sys
import types
from typing import Any

import freezegun
import pytest

from scenario_pebble.clock import Clock
from scenario_pebble.wire import pytime, pytimecompiled
from tests.unit.wire.clocks import REAL, START_NS

NAME = 'cryptography.hazmat.bindings._rust'


class Rust(types.ModuleType):
    """Remembers the class of dates that it found first, as the compiled module does."""

    found: Any = None

    def __init__(self):
        super().__init__(NAME)
        self.x509 = self

    def PolicyBuilder(self) -> Rust:  # noqa: N802
        return self

    def time(self, time: datetime.datetime) -> None:
        self.found = self.found or datetime.datetime


@pytest.fixture
def rust(monkeypatch: pytest.MonkeyPatch) -> Rust:
    rust = Rust()
    monkeypatch.setitem(sys.modules, NAME, rust)
    looks = {NAME: pytimecompiled._cryptography}  # pyright: ignore[reportPrivateUsage]
    monkeypatch.setattr(pytimecompiled, '_yet_to_look', looks)
    return rust


def test_a_compiled_module_finds_the_real_class(rust: Rust):
    with pytime.frozen(Clock(START_NS)):
        rust.time(datetime.datetime(2020, 1, 1))

    assert rust.found is REAL['datetime']


@freezegun.freeze_time('2020-01-01')
def test_it_does_not_look_while_a_test_has_frozen_time(rust: Rust):
    with pytime.frozen(Clock(START_NS)):
        pass

    assert rust.found is None
