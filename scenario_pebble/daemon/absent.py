"""Stand-ins for the parts of the daemon that are not there yet."""

from __future__ import annotations

from typing import Any


class Checks:
    def __init__(self, daemon: Any, saved: Any):
        pass

    moves = False

    def save(self) -> Any:
        return None

    def restart(self) -> None:
        pass

    def replan(self) -> None:
        pass

    def workload_changed(self) -> None:
        pass


class Execs(Checks):
    pass


class Identities:
    def __init__(self, saved: Any):
        pass

    def save(self) -> Any:
        return None

    def access(self, user_id: int) -> str | None:
        return None
