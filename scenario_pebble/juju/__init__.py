"""The simulated Juju: hook tools over a ledger, the JUJU_* environment, charm metadata."""
