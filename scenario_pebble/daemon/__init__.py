"""The simulated Pebble daemon. Knows no ops, no Juju and no State; usable alone."""
