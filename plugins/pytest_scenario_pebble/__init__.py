"""The pytest plugin of scenario_pebble."""
