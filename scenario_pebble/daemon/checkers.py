"""What comes of one run of a check: a request to a URL, a connection to a port, or a command."""

from __future__ import annotations

import urllib.parse
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..frozen import EMPTY, FrozenDict
from . import effects, plan, servicelog, users
from .checkrecord import Attempt
from .fileerror import FileError
from .gotext import format_duration, quote
from .workload import Behaviour, Call, Found, Probe

if TYPE_CHECKING:
    from .daemon import Daemon

# Pebble: checkstate/checkers.go
MAX_ERROR_BYTES = 512
MAX_ERROR_LINES = 5
# Go: net/http defaultCheckRedirect
_MAX_REDIRECTS = 10


class _Failed(Exception):
    """The check fails.

    Args:
        error: Pebble's text.
        after_ns: How long that takes.
        details: What the command printed, or the server answered.
        steady: See `Attempt`.
    """

    def __init__(self, error: str, after_ns: int = 0, details: str = '', *, steady: bool = False):
        super().__init__(error)
        self.error = error
        self.after_ns = after_ns
        self.details = details
        self.steady = steady


def perform(daemon: Daemon, config: plan.Check, number: int) -> Attempt:
    """Ask the workload what comes of a run that starts now.

    Args:
        daemon: Whose check it is.
        config: With the service context merged in.
        number: 1 the first time that this check's command is started, then 2 …
    """
    now_ns = daemon.clock.now_ns
    outcome = daemon.workload.outcome(config.name, now_ns)
    if outcome is not None:
        return Attempt(
            started_ns=now_ns, error=outcome.error, steady=True, until_ns=outcome.until_ns
        )
    try:
        if config.http is not None and config.http.url:
            duration_ns, steady = _http(daemon, config, config.http)
        elif config.tcp is not None and config.tcp.port:
            duration_ns, steady = _tcp(daemon, config, config.tcp)
        elif config.exec is not None and config.exec.command:
            duration_ns, steady = _exec(daemon, config, config.exec, number)
        else:
            duration_ns, steady = 0, True  # Unspecified, in a layer that a State describes.
    except _Failed as e:
        return Attempt(
            started_ns=now_ns,
            duration_ns=e.after_ns,
            error=e.error,
            details=e.details,
            steady=e.steady,
        )
    return Attempt(started_ns=now_ns, duration_ns=duration_ns, steady=steady)


def _timed_out(config: plan.Check, *, steady: bool) -> _Failed:
    text = f'check timed out after {format_duration(config.timeout_ns)}'
    return _Failed(text, max(config.timeout_ns, 0), steady=steady)


# -- http


def _http(daemon: Daemon, config: plan.Check, check: plan.HTTPCheck) -> tuple[int, bool]:
    url, before, taken_ns, steady = check.url, check.url, 0, True
    for _ in range(_MAX_REDIRECTS):
        try:
            probe = _probe(daemon, config, url, check.headers or EMPTY)
        except ValueError as e:
            raise _Failed(str(e), taken_ns, steady=steady) from None
        answer = daemon.workload.probe(probe, daemon.services.running())
        steady = steady and answer.steady
        taken_ns += answer.delay_ns
        if taken_ns >= config.timeout_ns:
            raise _timed_out(config, steady=steady)
        if answer.refused:
            why = f'dial tcp {_joined(probe.host, probe.port)}: connect: connection refused'
            raise _Failed(f'Get {quote(url)}: {why}', taken_ns, steady=steady)
        if answer.status not in (301, 302, 303, 307, 308) or answer.location is None:
            if 200 <= answer.status <= 299:
                return taken_ns, steady
            text = f'non-2xx status code {answer.status}'
            raise _Failed(text, taken_ns, _first_lines(answer.body), steady=steady)
        try:
            before, url = url, urllib.parse.urljoin(url, answer.location)
        except ValueError as e:
            why = f'failed to parse Location header {quote(answer.location)}: {e}'
            raise _Failed(f'Get {quote(url)}: {why}', taken_ns, steady=steady) from None
    raise _Failed(f'Get {quote(before)}: stopped after 10 redirects', taken_ns, steady=steady)


def _probe(daemon: Daemon, config: plan.Check, url: str, headers: Mapping[str, str]) -> Probe:
    host, port = _host_and_port(url)
    return Probe(
        check=config.name,
        port=port,
        host=host,
        url=url,
        headers=headers,
        at_ns=daemon.clock.now_ns,
    )


def _host_and_port(url: str) -> tuple[str, int]:
    """Whom an http check asks.

    Raises:
        ValueError: With Go's text, if the URL can't be used.
    """
    try:
        parts = urllib.parse.urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as e:
        raise ValueError(f'cannot build request: parse {quote(url)}: {e}') from None
    if parts.scheme not in ('http', 'https'):
        scheme = quote(parts.scheme)
        raise ValueError(f'Get {quote(url)}: unsupported protocol scheme {scheme}')
    if not host:
        raise ValueError(f'Get {quote(url)}: http: no Host in request URL')
    return host, port or (443 if parts.scheme == 'https' else 80)


def _joined(host: str, port: int) -> str:
    host = '127.0.0.1' if host == 'localhost' else host
    return f'[{host}]:{port}' if ':' in host else f'{host}:{port}'


def _first_lines(body: bytes) -> str:
    lines = body[:MAX_ERROR_BYTES].decode(errors='replace').strip().split('\n')
    if len(lines) > MAX_ERROR_LINES:
        lines[MAX_ERROR_LINES:] = ['(...)']
    return '\n'.join(lines)


# -- tcp


def _tcp(daemon: Daemon, config: plan.Check, check: plan.TCPCheck) -> tuple[int, bool]:
    host = check.host or 'localhost'
    probe = Probe(check=config.name, port=check.port, host=host, at_ns=daemon.clock.now_ns)
    answer = daemon.workload.probe(probe, daemon.services.running())
    if answer.delay_ns >= config.timeout_ns:
        raise _timed_out(config, steady=answer.steady)
    if answer.refused:
        why = f'dial tcp {_joined(host, check.port)}: connect: connection refused'
        raise _Failed(why, answer.delay_ns, steady=answer.steady)
    return answer.delay_ns, answer.steady


# -- exec


def _exec(
    daemon: Daemon, config: plan.Check, check: plan.ExecCheck, number: int
) -> tuple[int, bool]:
    owner = _owner(daemon, check)
    call = _call(daemon, config, check, owner, number)
    _refuse_if_absent(daemon, call, check)
    behaviour = daemon.workload.run(call)
    for effect in behaviour.effects:
        effects.apply(daemon, effect, owner)
    steady = behaviour.steady and not behaviour.effects
    exit_ns = behaviour.exit_after_ns
    if exit_ns is None or exit_ns >= config.timeout_ns:
        raise _timed_out(config, steady=steady)
    if behaviour.exit_code > 0:
        text = f'exit status {behaviour.exit_code}'
        raise _Failed(text, exit_ns, _last_lines(behaviour, exit_ns), steady=steady)
    return exit_ns, steady


def _owner(daemon: Daemon, check: plan.ExecCheck) -> users.Owner | None:
    try:
        return users.resolve(daemon.users, check.user_id, check.user, check.group_id, check.group)
    except users.OwnerError as e:
        raise _Failed(str(e), steady=True) from None


def _call(
    daemon: Daemon,
    config: plan.Check,
    check: plan.ExecCheck,
    owner: users.Owner | None,
    number: int,
) -> Call:
    return Call(
        kind='check',
        name=config.name,
        command=check.args,
        environment=FrozenDict({**daemon.environment, **(check.environment or {})}),
        working_dir=check.working_dir or '/',
        user_id=owner.user_id if owner else None,
        user=owner.user if owner else None,
        group_id=owner.group_id if owner else None,
        group=owner.group if owner else None,
        number=number,
        at_ns=daemon.clock.now_ns,
        timeout_ns=config.timeout_ns,
    )


def _refuse_if_absent(daemon: Daemon, call: Call, check: plan.ExecCheck) -> None:
    # Go: os/exec Cmd.Start
    if not call.command:
        return
    executable = call.command[0]
    found = daemon.workload.find(executable, call)
    if '/' not in executable and found is not Found.YES:
        text = f'exec: {quote(executable)}: executable file not found in $PATH'
        raise _Failed(text, steady=True)
    changes_user = call.user_id not in (None, daemon.user_id)
    wrong = '' if call.working_dir == '/' else _wrong_directory(daemon, call.working_dir)
    if changes_user and daemon.user_id != 0:
        why = 'operation not permitted'
    elif wrong:
        if wrong != 'not a directory' and not changes_user:
            raise _Failed(f'chdir {check.working_dir}: {wrong}', steady=True)
        why = wrong
    elif found is not Found.YES:
        why = 'no such file or directory' if found is Found.MISSING else 'permission denied'
    else:
        return
    raise _Failed(f'fork/exec {executable}: {why}', steady=True)


def _wrong_directory(daemon: Daemon, path: str) -> str:
    """Why a process can't be started in a directory; empty if it can."""
    try:
        found = daemon.files.is_directory(path)
    except FileError as e:
        return e.message.rpartition(': ')[2]
    if found is None:
        return 'no such file or directory'
    return '' if found else 'not a directory'


def _last_lines(behaviour: Behaviour, exit_ns: int) -> str:
    # Pebble: servicelog/lastlines.go over a ring buffer of 512 bytes
    outputs = [output for output in behaviour.output if output.after_ns <= exit_ns]
    outputs.sort(key=lambda output: output.after_ns)
    printed = b''.join(output.data for output in outputs)[-MAX_ERROR_BYTES:]
    start = servicelog.line_start(printed, MAX_ERROR_LINES + 1)
    lines = printed[start:].decode(errors='replace').strip().split('\n')
    if len(lines) > MAX_ERROR_LINES:
        lines[0] = '(...)'
    return '\n'.join(lines)
