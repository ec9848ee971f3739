"""Where this package knowingly differs from the peer, as its tests have it.

An entry whose test no longer differs fails the run.
"""

from __future__ import annotations

KNOWN: dict[str, str] = {}
"""The id of a test, and why it differs."""
