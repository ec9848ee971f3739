"""Recordings of the real Pebble daemon, replayed against the simulated one."""
