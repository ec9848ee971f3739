"""How a command's process is described to the workload, and what keeps it from being started."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .execrecord import Execution
from .workload import Call, Found

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
