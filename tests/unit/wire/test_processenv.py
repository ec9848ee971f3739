from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import ops
import pytest

import scenario_pebble as scenario

OS: Any = os  # for whose `system` there are better functions
WRITE = 'import os, sys; open(sys.argv[1], "w").write(os.environ.get("JUJU_UNIT_NAME", "unset"))'


class Starting(ops.CharmBase):
    target: Path
    way: str

    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        framework.observe(self.on.start, self._on_start)

    def _on_start(self, _: ops.StartEvent):
        command = [sys.executable, '-c', WRITE, str(self.target)]
        if self.way == 'subprocess':
            subprocess.run(command, check=True)
        elif self.way == 'system':
            OS.system(shlex.join(command))
        else:
            pid = os.fork()
            if pid == 0:
                os.execv(sys.executable, command)
            os.waitpid(pid, 0)


@pytest.mark.parametrize('way', ['subprocess', 'system', 'fork'])
def test_a_process_of_the_charms_finds_the_variables(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Starting, 'target', tmp_path / 'seen', raising=False)
    monkeypatch.setattr(Starting, 'way', way, raising=False)
    ctx = scenario.Context(Starting, meta={'name': 'web'})
    system = OS.system

    ctx.run(ctx.on.start(), scenario.State())

    assert (tmp_path / 'seen').read_text() == 'web/0'
    assert OS.system is system


def test_a_process_after_the_run_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Starting, 'target', tmp_path / 'seen', raising=False)
    monkeypatch.setattr(Starting, 'way', 'subprocess', raising=False)
    ctx = scenario.Context(Starting, meta={'name': 'web'})
    ctx.run(ctx.on.start(), scenario.State())

    subprocess.run([sys.executable, '-c', WRITE, str(tmp_path / 'after')], check=True)

    assert (tmp_path / 'after').read_text() == 'unset'
    assert 'JUJU_UNIT_NAME' not in os.environ
