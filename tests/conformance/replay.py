"""Does the simulated daemon answer a recording's steps as the real daemon did?"""

from __future__ import annotations

import dataclasses
import json
import pathlib
import traceback
from collections.abc import Callable, Mapping
from typing import Any, Literal

from . import cli, compare, steps, wires
from .subject import FailedToStart
from .wires import NotExpressible, Wire


@dataclasses.dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of replaying one recording in one wire."""

    area: str
    name: str
    file: str
    wire: Wire
    verdict: Literal['passed', 'failed', 'not expressible', 'not run']
    reason: str = ''
    """The first difference, or why it could not be replayed."""

    @property
    def case(self) -> str:
        return f'{self.area}/{self.name}'


def recordings_in(paths: list[pathlib.Path]) -> list[pathlib.Path]:
    """The recordings at *paths*: files, or folders that are searched in depth."""
    found: list[pathlib.Path] = []
    for path in paths:
        if path.is_dir():
            found.extend(sorted(path.rglob('*.json')))
        else:
            found.append(path)
    return found


def replay_file(file: pathlib.Path, wire: Wire) -> Outcome:
    """Replay one recording; whatever goes wrong becomes its outcome."""
    known: dict[str, Any] = {'area': file.parent.name, 'name': file.stem}
    known |= {'file': str(file), 'wire': wire}
    try:
        recording = json.loads(file.read_text(encoding='utf-8'))
        known |= {'area': recording['area'], 'name': recording['name']}
    except (OSError, ValueError, KeyError) as e:
        return Outcome(**known, verdict='failed', reason=f'cannot read the recording: {e!r}')
    if recording['area'] == 'cli' and (why := cli.why_not()):
        return Outcome(**known, verdict='not run', reason=why)
    try:
        difference = replay(recording, wire)
    except NotExpressible as e:
        return Outcome(**known, verdict='not expressible', reason=str(e))
    except Exception as e:  # noqa: BLE001  (whatever the daemon does, the run goes on)
        difference = f'when the daemon starts {_raised(e)}'
    return Outcome(**known, verdict='failed' if difference else 'passed', reason=difference)


def replay(recording: Mapping[str, Any], wire: Wire) -> str:
    """Replay a recording; its first difference as a sentence, or an empty string.

    Raises:
        NotExpressible: If a step can't be expressed in the wire.
    """
    for step in recording['steps']:
        wires.check_expressible(wire, steps.verb(step), step)
    expected_failure = recording['daemon'].get('failed-to-start')
    try:
        session = steps.Session(recording, wire)
    except FailedToStart as e:
        found = compare.first_difference(expected_failure, e.observed)
        return f'when the daemon starts: {found}' if found else ''
    if expected_failure is not None:
        return f'when the daemon starts it should have failed with {expected_failure}, yet it runs'
    normalise = compare.Normaliser(session.subject.started)
    for number, step in enumerate(recording['steps']):
        if difference := _replay_step(session, step, normalise):
            return f'step {number} ({_title(step)}): {difference}'
    return ''


def _replay_step(
    session: steps.Session, step: Mapping[str, Any], normalise: Callable[[Any], Any]
) -> str:
    at = session.subject.seconds
    try:
        seen = normalise(session.do(step))
    except NotExpressible:
        raise
    except Exception as e:  # noqa: BLE001  (whatever the daemon does, the run goes on)
        return _raised(e)
    if 'connection-error' in seen and 'connection-error' in step['observed']:
        return ''  # how exactly a connection breaks depends on the moment
    for path in step.get('summary', []):
        compare.edit(seen, path, compare.summary)
    for path in step.get('unordered', []):
        compare.edit(seen, path, compare.as_set)
    for path in step.get('ignore', []):
        compare.edit(seen, path, compare.anything)
    found = compare.first_difference(step['observed'], seen, at - step['at'])
    return f'{found}{_complaint(step["observed"], seen)}' if found else ''


def _complaint(expected: Mapping[str, Any], seen: Mapping[str, Any]) -> str:
    """What an unexpected error answer says."""
    message = compare.lookup(seen, 'body.result.message')
    if message is None or compare.lookup(expected, 'body.result.message') is not None:
        return ''
    return f'; it answers {message!r}'


def _raised(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f'{pathlib.Path(frame.filename).name}:{frame.lineno}'
    return f'raised {type(error).__name__} in {place} ({error})'


def _title(step: Mapping[str, Any]) -> str:
    kind = steps.verb(step)
    argument: Any = step[kind]
    if kind in ('poll', 'sample'):
        argument = argument['request']
    if kind in ('request', 'poll', 'sample'):
        return f'{kind} {argument.get("method", "GET")} {argument["path"]}'
    return f'exec {argument.get("command")}' if kind == 'exec' else kind
