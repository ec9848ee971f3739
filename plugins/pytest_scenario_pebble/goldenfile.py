"""Where does a golden value lie, and what is in it?

Beside the test file, in ``golden/<test file>/<test>.yaml``: readable names, which every system
takes, and which differ for every test.
"""

from __future__ import annotations

import contextlib
import hashlib
import pathlib
import re
import sys
from collections.abc import Generator
from typing import Any

import pytest
import yaml

from scenario_pebble.state.diff import diff
from scenario_pebble.state.document.text import dump_yaml

from . import goldenform

FOLDER = 'golden'
_OF_DATA, _OF_TEXT = '.yaml', '.txt'

# What Windows, macOS and Linux take in a file name, and a shell leaves alone.
_UNSAFE = re.compile(r'[^\w.,=+@\[\]-]', re.ASCII)
_LONGEST = 120
_CONSTANTS = ('True', 'False', 'None')


def folder(test: pathlib.Path) -> pathlib.Path:
    """Where the golden files of a test file lie."""
    return test.parent / FOLDER / test.stem


def stem(item: pytest.Item) -> str:
    """What the names of the golden files of a test begin with: its class and its name."""
    classes = [node.name for node in item.listchain() if isinstance(node, pytest.Class)]
    name = '.'.join([*classes, item.name])
    safe = _UNSAFE.sub('-', name)[:_LONGEST]
    if safe == name and all(map(_is_distinct, re.split(r'[\[\]-]', item.name))):
        return name
    return f'{safe}-{hashlib.sha256(name.encode()).hexdigest()[:8]}'


def _is_distinct(word: str) -> bool:
    """Whether no other word differs from this one in case only: macOS and Windows see no case.

    ``True`` is a usual id of a parameter, so it is ``true`` that stands back.
    """
    return word in _CONSTANTS or (word == word.lower() and word.title() not in _CONSTANTS)


def is_golden(path: pathlib.Path) -> bool:
    """Whether a golden file may have this path."""
    return path.suffix in (_OF_DATA, _OF_TEXT) and path.is_file()


@contextlib.contextmanager
def real_files() -> Generator[None, None, None]:
    """Look at the disk, also while pyfakefs shows other files to a test."""
    pyfakefs: Any = sys.modules.get('pyfakefs.fake_filesystem_unittest')
    patcher = pyfakefs and pyfakefs.Patcher.PATCHER
    with pyfakefs.Pause(patcher) if patcher else contextlib.nullcontext():
        yield


class GoldenFile:
    """A golden file, and the value that it is to be compared with.

    Args:
        path: Of the file, without its suffix: texts are kept as they are, all else as YAML.
        value: What a test has got.
    """

    def __init__(self, path: pathlib.Path, value: object):
        self._data = goldenform.form(value)
        self._is_text = isinstance(self._data, str)
        self.path = path.with_name(path.name + (_OF_TEXT if self._is_text else _OF_DATA))

    def changes(self) -> str | None:
        """What of the value differs from the golden one: empty if nothing; None: there is none."""
        if not self.path.exists():
            return None
        text = self.path.read_bytes().decode()
        if self._is_text:
            return diff(text, self._data)
        try:
            return diff(yaml.safe_load(text), yaml.safe_load(self._text()))
        except yaml.YAMLError as e:
            return f'it is no YAML: {e}'

    def write(self) -> None:
        """Make the value the golden one."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # In bytes, as Windows would write other ends of lines.
        self.path.write_bytes(self._text().encode())

    def _text(self) -> str:
        return self._data if self._is_text else dump_yaml(self._data)
