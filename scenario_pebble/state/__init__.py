"""Pure immutable data: the State and its components."""
