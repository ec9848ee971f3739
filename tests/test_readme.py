"""The README's code runs, and prints what the README shows."""

from __future__ import annotations

import pathlib
import re
from typing import Any

import pytest

TEXT = (pathlib.Path(__file__).resolve().parents[1] / 'README.md').read_text(encoding='utf-8')
BLOCKS = re.findall(r'^```(\w+)\n(.*?)^```$', TEXT, flags=re.MULTILINE | re.DOTALL)


def shown_output(number: int) -> str:
    """The ``text`` block that follows a block, if one does."""
    following = BLOCKS[number + 1] if number + 1 < len(BLOCKS) else ('', '')
    return following[1] if following[0] == 'text' else ''


@pytest.mark.parametrize(
    'number', [number for number, (kind, _) in enumerate(BLOCKS) if kind == 'python']
)
def test_code_runs_and_prints_what_is_shown(number: int, capsys: pytest.CaptureFixture[str]):
    names: dict[str, Any] = {'__name__': 'readme'}

    exec(compile(BLOCKS[number][1], 'README.md', 'exec'), names)
    for name, value in list(names.items()):
        if name.startswith('test_'):
            value()

    assert capsys.readouterr().out == shown_output(number)
