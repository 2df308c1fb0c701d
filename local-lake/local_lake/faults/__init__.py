"""Faults on demand: throttling, failures, denied calls and cut connections, for tools to rehearse."""
