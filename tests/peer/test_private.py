"""Tests of private names are told from the others."""

from __future__ import annotations

import pathlib

import pytest

from . import private

PEER = """
_DEFAULT = '3.6'

class Secret:
    def _revision(self): ...

    def set(self):
        self._content = {}
"""

TESTS = """
import pytest
from scenario._runtime import Runtime
from scenario.state import Secret, _DEFAULT

LATEST = _DEFAULT

class Charm:
    _content = None

@pytest.fixture
def runtime(): return Runtime()

def check(secret): assert secret._revision() == 1

def test_import(): assert _DEFAULT
def test_constant(): assert LATEST
def test_fixture(runtime): ...
def test_helper(): check(Secret({}))
def test_patch(monkeypatch): monkeypatch.setattr('scenario.state.Secret._revision', 1)
def test_own_name(): Charm._content = {}
def test_public(): assert Secret({}).tracked_content

class TestSecret:
    def test_method(self): assert Secret({})._revision()
"""


@pytest.fixture
def module(tmp_path: pathlib.Path) -> private.Module:
    (tmp_path / 'state.py').write_text(PEER)
    tests = tmp_path / 'tests' / 'test_secrets.py'
    tests.parent.mkdir()
    tests.write_text(TESTS)
    return private.Module(tests, private.defined_in(tmp_path))


@pytest.mark.parametrize(
    ('test', 'names'),
    [
        ('test_import', ['_DEFAULT']),
        ('test_constant', ['_DEFAULT']),
        ('test_fixture', ['Runtime']),
        ('test_helper', ['_revision']),
        ('test_patch', ['_revision']),
        ('test_method', ['_revision']),
        ('test_own_name', []),
        ('test_public', []),
    ],
)
def test_private_names_are_found_wherever_a_test_takes_them_from(
    module: private.Module, test: str, names: list[str]
):
    assert module.private_names_of(test) == names
