"""The front ends: how ops, charm code and other clients reach the simulated daemon and the hook
tools.
"""
