"""How long an event takes here, and how long with ops.testing."""
