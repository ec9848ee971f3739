"""Where the simulated daemon knowingly answers other than the real one.

An entry whose recording no longer differs fails the tests.
"""

from __future__ import annotations

KNOWN: dict[str, str] = {}
"""``area/name`` of a recording, and why it differs."""
