"""The tests of ops.testing itself, run against this package."""
