"""A unit-testing framework for Juju charms on a simulated Pebble."""
