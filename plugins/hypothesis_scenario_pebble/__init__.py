"""Hypothesis strategies for states of scenario_pebble."""
