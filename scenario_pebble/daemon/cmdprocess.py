"""How a command's process is described to the workload, and what keeps it from being started."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .execrecord import Execution
from .workload import Call, Found, Output

if TYPE_CHECKING:
    from .daemon import Daemon


def call(daemon: Daemon, execution: Execution) -> Call:
    """The process that is about to be started."""
    owner = execution.owner
    return Call(
        kind='exec',
        name='',
        command=execution.command,
        environment=execution.environment,
        working_dir=execution.working_dir,
        user_id=owner.user_id if owner else None,
        user=owner.user if owner else None,
        group_id=owner.group_id if owner else None,
        group=owner.group if owner else None,
        number=execution.number,
        stdin=b''.join(execution.stdin),
        at_ns=daemon.clock.now_ns,
        timeout_ns=execution.timeout_ns or None,
        combine_stderr=not execution.split_stderr,
    )


def obstacle(daemon: Daemon, execution: Execution, call: Call) -> str:
    """Why the system refuses to start the process; empty if it doesn't."""
    found = daemon.workload.find(call.command[0], call)
    if found is Found.MISSING:
        return 'no such file or directory'
    if found is Found.NOT_EXECUTABLE:
        return 'permission denied'
    owner, own = execution.owner, daemon.files.own
    if owner is None or daemon.user_id == 0:
        return ''
    same = (owner.user_id, owner.group_id) == (own.user_id, own.group_id)
    return '' if same else 'operation not permitted'


_MOST_SHOWN = 80
"""So much of what a process wrote is told."""


def result(exit_code: int | None, error: str | None, wrote: Sequence[Output]) -> str:
    """What became of a process, with the first line that it wrote, to stderr if it failed."""
    ended = f'exit {exit_code}' if error is None else error
    failed = error is not None or exit_code != 0
    if len(wrote) > 1:
        wrote = sorted(wrote, key=lambda o: (o.stream == 'stderr') is not failed)
    for output in wrote:
        line = output.data.lstrip()[: 4 * _MOST_SHOWN].decode(errors='replace').partition('\n')[0]
        if line:
            more = '' if len(line) <= _MOST_SHOWN else '…'
            return f'{ended}: {line[:_MOST_SHOWN].rstrip()}{more}'
    return ended
