"""A command reaches the daemon of a replay."""

from __future__ import annotations

import pathlib

import pytest

from . import cli
from .subject import Subject

COMMAND = """#!/bin/sh
echo "$1 $GREETING"
test -S "$PEBBLE_SOCKET" || exit 1
echo 'no such check' >&2
exit 3
"""


def test_a_command_gets_a_socket_and_the_environment(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
):
    command = tmp_path / 'pebble'
    command.write_text(COMMAND)
    command.chmod(0o755)
    monkeypatch.setenv('PEBBLE_BIN', str(command))
    subject = Subject({'daemon': {'args': ['--hold'], 'environment': {'GREETING': 'hello'}}})

    seen = cli.run(subject.daemon, subject.environment, ['checks'])

    assert seen == {'exit-code': 3, 'stdout': 'checks hello\n', 'stderr': 'no such check\n'}


def test_without_a_command_there_is_a_reason(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv('PEBBLE_BIN', raising=False)

    assert cli.why_not() == '$PEBBLE_BIN does not name the pebble command'
